import type { EngineEvent } from '../../src/events/bus.ts';

/**
 * An event as one JSON text. Containers and images also carry the fields of the oldest API. Attributes are sorted, as Go's
 * encoder does; nanoseconds go beyond what a JavaScript number holds, so the text is put together here.
 */
export function eventJson({ type, action, actor, scope, timeNano }: EngineEvent): string {
  const attributes = Object.fromEntries(
    Object.entries(actor.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const event = {
    ...legacy(type, action, actor),
    Type: type,
    Action: action,
    Actor: { ID: actor.id, Attributes: attributes },
    scope,
  };
  return `${JSON.stringify(event).slice(0, -1)},"time":${timeNano / 1_000_000_000n},"timeNano":${timeNano}}`;
}

function legacy(type: string, action: string, { id, attributes }: EngineEvent['actor']): object {
  if (type === 'container')
    return { status: action, id, ...(attributes['image'] && { from: attributes['image'] }) };
  return type === 'image' ? { status: action, id } : {};
}
