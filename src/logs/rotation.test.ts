import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { readLogs } from './read.ts';

test('following loses and repeats nothing while another process rotates all the time', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-logs-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'x-json.log');
  const rotations = 300;
  const writer = new Worker(
    `const { appendFileSync, renameSync, writeFileSync } = require('node:fs');
    const { path, rotations } = require('node:worker_threads').workerData;
    for (let n = 0; n < rotations; n++) {
      for (let i = 0; i < 5; i++)
        appendFileSync(path, JSON.stringify({ log: n + '.' + i + '\\n', stream: 'stdout', time: '2026-01-01T00:00:00Z' }) + '\\n');
      for (let i = n; i > 0; i--) renameSync(path + '.' + i, path + '.' + (i + 1));
      renameSync(path, path + '.1');
      writeFileSync(path, '');
    }`,
    { eval: true, workerData: { path, rotations } },
  );
  const stopped = new AbortController();
  const options = { framed: false, stdout: true, stderr: true, signal: new AbortController().signal };
  const all = Array.fromAsync(readLogs(path, { ...options, followUntil: stopped.signal }));
  await once(writer, 'exit');
  stopped.abort();
  const expected = Array.from({ length: rotations * 5 }, (_, i) => `${Math.floor(i / 5)}.${i % 5}\n`);
  assert.equal(Buffer.concat(await all).toString(), expected.join(''));
});
