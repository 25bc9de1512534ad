import { dockerode } from './engine.ts';

export interface SeenEvent {
  Type: string;
  Action: string;
  timeNano: number;
  Actor: { ID: string; Attributes: Record<string, string> };
}

/**
 * Follows the events of one container. `until` resolves when one has come that `fits`; `seen` are all so far. The stream is open
 * when this resolves; close it.
 */
export async function followEvents(container: string): Promise<{
  seen: SeenEvent[];
  until(fits: (event: SeenEvent, seen: SeenEvent[]) => boolean): Promise<SeenEvent>;
  close(): void;
}> {
  const stream = (await dockerode.getEvents({
    filters: JSON.stringify({ container: [container] }) as never,
  })) as unknown as NodeJS.ReadableStream & { destroy(): void };
  const seen: SeenEvent[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter(Boolean)) seen.push(JSON.parse(line) as SeenEvent);
    for (const check of waiting) check();
  });
  return {
    seen,
    until: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = seen.find((event) => fits(event, seen));
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    close: () => stream.destroy(),
  };
}

/** The actions of events, with what tells them apart: `die 3`, `kill 15`. */
export function actionsOf(events: readonly SeenEvent[]): string[] {
  return events.map(({ Action, Actor: { Attributes } }) =>
    [Action, Attributes['exitCode'] ?? Attributes['signal'] ?? ''].join(' ').trim(),
  );
}
