import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Container } from './container.ts';
import { ContainerLogsService, type ContainerLogsOptions } from './logs.ts';

const following: ContainerLogsOptions = {
  stdout: true,
  stderr: true,
  follow: true,
  timestamps: false,
  details: false,
  since: '',
  until: '',
  tail: '',
};

function running(context: TestContext): { container: Container; logs: ContainerLogsService } {
  const directory = mkdtempSync(join(tmpdir(), 'berth-logs-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'x-json.log');
  writeFileSync(path, '{"log":"one\\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}\n');
  const container = Object.assign(new EventEmitter(), {
    id: 'x',
    running: true,
    state: { status: 'running' },
    config: { Tty: true },
  }) as unknown as Container;
  return {
    container,
    logs: new ContainerLogsService({ containers: { get: () => container, logPath: () => path } }),
  };
}

const listeners = (container: Container): number =>
  container.listenerCount('exited') + container.listenerCount('removed');

test('following ends with the run, after what is in the log', async (context) => {
  const { container, logs } = running(context);
  const { chunks } = logs.open('x', following, new AbortController().signal);
  container.emit('exited', { code: 0, at: 0n, oomKilled: false });
  assert.equal((await Array.fromAsync(chunks)).join(''), 'one\n');
  assert.equal(listeners(container), 0);
});

test('of a reader that has gone nothing stays with a container that runs on', async (context) => {
  const { container, logs } = running(context);
  const client = new AbortController();
  const { chunks } = logs.open('x', following, client.signal);
  for await (const chunk of chunks) {
    assert.equal(chunk.toString(), 'one\n');
    client.abort();
  }
  assert.equal(listeners(container), 0);
});

test('nor of one that has gone before it read, or that reads no further', async (context) => {
  const { container, logs } = running(context);
  const client = new AbortController();
  logs.open('x', following, client.signal);
  client.abort();
  assert.equal(listeners(container), 0);
  for await (const _ of logs.open('x', following, new AbortController().signal).chunks) break;
  assert.equal(listeners(container), 0);
});
