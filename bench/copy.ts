import { randomBytes } from 'node:crypto';
import { pack } from 'tar-stream';
import type { EngineClient } from './client.ts';

/** An archive to be sent: made once, sent often. */
export interface Upload {
  pieces(): Iterable<Buffer>;
  length: number;
}

const megabyte = randomBytes(1024 * 1024);

/** One file of so many megabytes, whose content is no zeros. */
export async function oneFile(name: string, megabytes: number): Promise<Upload> {
  const size = megabytes * megabyte.length;
  // The head alone: the content is sent from the same megabyte again and again.
  const tar = pack();
  tar.entry({ name, size });
  const { value: head = Buffer.alloc(0) } = await (tar as unknown as AsyncIterable<Buffer>)
    [Symbol.asyncIterator]()
    .next();
  tar.destroy();
  const end = Buffer.alloc(1024);
  return {
    *pieces() {
      yield head;
      for (let i = 0; i < megabytes; i++) yield megabyte;
      yield end;
    },
    length: head.length + size + end.length,
  };
}

/** A directory of a hundred directories of small files. */
export async function tree(name: string, files: number): Promise<Upload> {
  const tar = pack();
  const chunks: Promise<Buffer[]> = Array.fromAsync(tar as unknown as AsyncIterable<Buffer>);
  tar.entry({ name: `${name}/`, type: 'directory' });
  for (let at = 0; at < files; at++) {
    const directory = `${name}/${at % 100}`;
    if (at < 100) tar.entry({ name: `${directory}/`, type: 'directory' });
    tar.entry({ name: `${directory}/${at}` }, megabyte.subarray(0, (at * 7) % 4000));
  }
  tar.finalize();
  const whole = Buffer.concat(await chunks);
  return { pieces: () => [whole], length: whole.length };
}

/** Puts an archive into the directory of a container. */
export function put(
  engine: EngineClient,
  id: string,
  path: string,
  { pieces, length }: Upload,
): Promise<void> {
  return engine.upload(`/containers/${id}/archive?path=${path}`, pieces(), length);
}
