import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { readLogs, type ReadLogsOptions } from './read.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-logs-'));
  path = join(directory, 'x-json.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

const never = new AbortController().signal;

function line(log: string, stream = 'stdout', second = 0, attrs?: object): string {
  const time = `2026-01-01T00:00:${String(second).padStart(2, '0')}.5Z`;
  return `${JSON.stringify({ log, stream, attrs, time })}\n`;
}

async function read(options: Partial<ReadLogsOptions> = {}): Promise<string> {
  const chunks = await Array.fromAsync(
    readLogs(path, { framed: false, stdout: true, stderr: true, signal: never, ...options }),
  );
  return Buffer.concat(chunks).toString();
}

/** Collects what is read until `text` has been seen, then returns. */
function collector(options: Partial<ReadLogsOptions>): {
  seen: (text: string) => Promise<void>;
  all: Promise<string>;
} {
  let text = '';
  const waiting = new Set<() => void>();
  const all = (async () => {
    for await (const chunk of readLogs(path, {
      framed: false,
      stdout: true,
      stderr: true,
      signal: never,
      ...options,
    })) {
      text += chunk.toString();
      for (const wake of waiting) wake();
    }
    return text;
  })();
  const seen = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!text.includes(wanted)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { seen, all };
}

test('a log that does not exist is empty', async () => {
  assert.equal(await read(), '');
});

test('lines of both streams come in order, or those of one', async () => {
  writeFileSync(path, line('a\n') + line('b\n', 'stderr') + line('c'));
  assert.equal(await read(), 'a\nb\nc');
  assert.equal(await read({ stdout: false }), 'b\n');
  assert.equal(await read({ stderr: false }), 'a\nc');
});

test('frames carry the stream and the length', async () => {
  writeFileSync(path, line('out\n') + line('é\n', 'stderr'));
  const chunks = await Array.fromAsync(
    readLogs(path, { framed: true, stdout: true, stderr: true, signal: never }),
  );
  assert.equal(
    Buffer.concat(chunks).toString('latin1'),
    '\x01\0\0\0\0\0\0\x04out\n\x02\0\0\0\0\0\0\x03\xc3\xa9\n',
  );
});

test('every JSON escape and every byte of text survives', async () => {
  const text = `"\\/\b\f\n\r\t\u0000\u001b[1m<&>\u2028é€😀${'x'.repeat(500)}\\"stream":"stderr",`;
  writeFileSync(path, line(text));
  assert.equal(await read(), text);
});

test('a pair of surrogates is one character, a lone one is replaced', async () => {
  writeFileSync(
    path,
    '{"log":"\\ud83d\\ude00 \\ud83dx \\ude00","stream":"stdout","time":"2026-01-01T00:00:00Z"}\n',
  );
  assert.equal(await read(), '😀 �x �');
});

test('lines written in another order, with spaces or with an offset are read too', async () => {
  writeFileSync(path, '{ "time": "2026-01-01T01:00:00.25+01:00", "stream": "stderr", "log": "odd\\n" }\n');
  assert.equal(await read({ timestamps: true }), '2026-01-01T00:00:00.250000000Z odd\n');
});

test('lines that are no JSON are passed over and an unfinished last line is not there yet', async () => {
  writeFileSync(path, `${line('a\n')}\0\0\0torn\n${line('b\n')}{"log":"unfin`);
  assert.equal(await read(), 'a\nb\n');
});

test('timestamps have nine digits whatever was written', async () => {
  writeFileSync(path, line('a\n') + '{"log":"b\\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}\n');
  assert.equal(
    await read({ timestamps: true }),
    '2026-01-01T00:00:00.500000000Z a\n2026-01-01T00:00:00.000000000Z b\n',
  );
});

test('details are sorted and escaped as in a query, and a space without any', async () => {
  writeFileSync(path, line('a\n', 'stdout', 0, { 'z z': '1,2', a: '}"' }) + line('b\n'));
  assert.equal(await read({ details: true }), 'a=%7D%22,z+z=1%2C2 a\n b\n');
  assert.equal(
    await read({ details: true, timestamps: true, tail: 1 }),
    '2026-01-01T00:00:00.500000000Z  b\n',
  );
});

test('since leaves out earlier lines until the first that is not, until ends at the first later one', async () => {
  writeFileSync(path, [1, 2, 3, 1, 4].map((second) => line(`${second}\n`, 'stdout', second)).join(''));
  const at = (second: number): bigint =>
    BigInt(Date.parse('2026-01-01T00:00:00.5Z')) * 1_000_000n + BigInt(second) * 1_000_000_000n;
  assert.equal(await read({ since: at(2) }), '2\n3\n1\n4\n');
  assert.equal(await read({ since: at(2) + 1n }), '3\n1\n4\n');
  assert.equal(await read({ until: at(2) }), '1\n2\n');
  assert.equal(await read({ since: -5n, until: 1n }), '');
  assert.equal(await read({ since: 10n ** 30n }), '');
});

test('since finds its place in a large log, also when the clock was set back', async () => {
  const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
  const lines: { text: string; ms: number }[] = [];
  // A line every 10 s, a step back of 30 min in the middle.
  for (let index = 0; index < 30_000; index++)
    lines.push({
      text: `${index} ${'x'.repeat(150)}\n`,
      ms: index * 10_000 - (index > 15_000 ? 1_800_000 : 0),
    });
  const write = (part: typeof lines): string =>
    part.map(({ text, ms }) => `${JSON.stringify({ log: text, stream: 'stdout', time: at(ms) })}\n`).join('');
  writeFileSync(`${path}.1`, write(lines.slice(0, 10_000)));
  writeFileSync(path, write(lines.slice(10_000)));
  for (const ms of [0, 50_000_000, 99_999_999, 149_000_000, 150_000_000, 200_000_000, 290_000_000]) {
    const first = lines.findIndex((one) => one.ms >= ms);
    const wanted = lines
      .slice(first)
      .map((one) => one.text)
      .join('');
    const since = BigInt(Date.parse(at(ms))) * 1_000_000n;
    assert.equal(await read({ since }), wanted, `since ${at(ms)}`);
  }
});

test('a rotated file last written long before since is not read', async () => {
  writeFileSync(`${path}.2`, line('before\n'));
  writeFileSync(`${path}.1`, line('late by its time, old by its date\n', 'stdout', 50));
  writeFileSync(path, line('now\n', 'stdout', 59));
  utimesSync(`${path}.1`, 1e9, 1e9);
  assert.equal(await read({ since: BigInt(Date.parse('2026-01-01T00:00:01Z')) * 1_000_000n }), 'now\n');
});

test('tail counts lines of both streams from the end', async () => {
  writeFileSync(path, line('a\n') + line('b\n') + line('e\n', 'stderr') + line('c\n'));
  assert.equal(await read({ tail: 2, stderr: false }), 'c\n');
  assert.equal(await read({ tail: 0 }), '');
  assert.equal(await read({ tail: 99 }), 'a\nb\ne\nc\n');
});

test('rotated files are read oldest first, compressed ones too, and tail reaches into them', async () => {
  writeFileSync(`${path}.2.gz`, gzipSync(line('1\n') + line('2\n')));
  writeFileSync(`${path}.1`, line('3\n') + line('4\n'));
  writeFileSync(path, line('5\n'));
  writeFileSync(`${path}.bak`, line('no\n'));
  assert.equal(await read(), '1\n2\n3\n4\n5\n');
  assert.equal(await read({ tail: 4 }), '2\n3\n4\n5\n');
  assert.equal(await read({ tail: 2 }), '4\n5\n');
});

test('lines longer than a read and tails over many blocks are whole', async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `${index}:${'"'.repeat(20_000)}\n`);
  writeFileSync(path, lines.map((text) => line(text)).join('') + line('y'.repeat(600_000)));
  assert.equal(await read(), lines.join('') + 'y'.repeat(600_000));
  assert.equal(await read({ tail: 31 }), lines.slice(10).join('') + 'y'.repeat(600_000));
});

test('following delivers what is written, ends when the container has stopped, and delivers the rest first', async () => {
  writeFileSync(path, line('a\n') + line('b\n'));
  const stopped = new AbortController();
  const { seen, all } = collector({ followUntil: stopped.signal, tail: 1 });
  await seen('b\n');
  appendFileSync(path, line('c\n').slice(0, 9));
  appendFileSync(path, line('c\n').slice(9));
  await seen('c\n');
  appendFileSync(path, line('d\n'));
  stopped.abort();
  assert.equal(await all, 'b\nc\nd\n');
});

test('following a log that does not exist yet', async () => {
  const stopped = new AbortController();
  const { seen, all } = collector({ followUntil: stopped.signal });
  writeFileSync(path, line('first\n'));
  await seen('first\n');
  stopped.abort();
  assert.equal(await all, 'first\n');
});

test('following goes over rotations without losing or repeating a line', async () => {
  writeFileSync(path, line('0\n'));
  const stopped = new AbortController();
  const { seen, all } = collector({ followUntil: stopped.signal });
  await seen('0\n');
  const wanted = ['0\n'];
  for (let index = 1; index <= 300; index++) {
    if (index % 7 === 0) {
      rmSync(`${path}.3`, { force: true });
      for (const generation of [2, 1])
        renameSyncIfThere(`${path}.${generation}`, `${path}.${generation + 1}`);
      renameSync(path, `${path}.1`);
      writeFileSync(path, '');
    }
    appendFileSync(path, line(`${index}\n`));
    wanted.push(`${index}\n`);
    if (index % 7 === 3) await seen(`\n${index}\n`);
  }
  stopped.abort();
  assert.equal(await all, wanted.join(''));
});

test('following goes on in the current file when the one before has been compressed away', async () => {
  writeFileSync(path, line('a\n'));
  const stopped = new AbortController();
  const { seen, all } = collector({ followUntil: stopped.signal });
  await seen('a\n');
  renameSync(path, `${path}.1`);
  writeFileSync(`${path}.1.gz`, gzipSync(line('a\n')));
  unlinkSync(`${path}.1`);
  writeFileSync(path, line('b\n'));
  await seen('b\n');
  stopped.abort();
  assert.equal(await all, 'a\nb\n');
});

test('following finds the files that came between, when several have been compressed meanwhile', async () => {
  writeFileSync(path, line('a\n') + line('a2\n'));
  const stopped = new AbortController();
  const { seen, all } = collector({ followUntil: stopped.signal });
  await seen('a2\n');
  // At once: the reader has no turn in between.
  writeFileSync(`${path}.3.gz`, gzipSync(line('a\n') + line('a2\n')));
  writeFileSync(`${path}.2.gz`, gzipSync(line('b\n')));
  writeFileSync(`${path}.1`, line('c\n'));
  unlinkSync(path);
  writeFileSync(path, line('d\n'));
  await seen('d\n');
  stopped.abort();
  assert.equal(await all, 'a\na2\nb\nc\nd\n');
});

test('following begins with the oldest file left, when its own has been removed', async () => {
  writeFileSync(path, line('a\n'));
  const stopped = new AbortController();
  const { seen, all } = collector({ followUntil: stopped.signal });
  await seen('a\n');
  writeFileSync(`${path}.2`, line('c\n'));
  writeFileSync(`${path}.1`, line('d\n'));
  unlinkSync(path);
  writeFileSync(path, line('e\n'));
  await seen('e\n');
  stopped.abort();
  assert.equal(await all, 'a\nc\nd\ne\n');
});

test('a log with its bytes as they came is read like any other', async () => {
  const text = Buffer.from([0xff, 0x22, 0x5c, 0x09, 0xe2, 0x80, 0xa8, 0x0a]);
  const escaped = Buffer.concat([
    Buffer.from([0xff]),
    Buffer.from('\\"\\\\\\u0009'),
    Buffer.from([0xe2, 0x80, 0xa8]),
    Buffer.from('\\n'),
  ]);
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from('{"log":"'),
      escaped,
      Buffer.from('","stream":"stdout","time":"2026-01-01T00:00:00Z"}\n'),
    ]),
  );
  const options = { framed: false, stdout: true, stderr: true, signal: never };
  assert.deepEqual(Buffer.concat(await Array.fromAsync(readLogs(path, options))), text);
});

test('a follower that leaves ends at once', async () => {
  writeFileSync(path, line('a\n'));
  const client = new AbortController();
  const { seen, all } = collector({ followUntil: new AbortController().signal, signal: client.signal });
  await seen('a\n');
  client.abort();
  assert.equal(await all, 'a\n');
});

test('a slow reader holds a bounded part of the log in memory', async () => {
  const block = line('z'.repeat(1000)).repeat(1000);
  for (let index = 0; index < 64; index++) appendFileSync(path, block);
  // What nobody holds any more does not count, however late it is collected.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage().arrayBuffers;
  let bytes = 0;
  let chunks = 0;
  let peak = 0;
  for await (const chunk of readLogs(path, { framed: false, stdout: true, stderr: true, signal: never })) {
    bytes += chunk.length;
    await new Promise(setImmediate);
    if (++chunks % 50 !== 0) continue;
    collect();
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }
  assert.equal(bytes, 64_000_000);
  assert.ok(peak < 32_000_000, `${peak} bytes held`);
});

function renameSyncIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
