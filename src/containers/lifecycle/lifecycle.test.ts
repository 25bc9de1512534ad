import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unavailable } from '../../errors.ts';
import { ExecutorError } from '../../host/executor.ts';
import { ShimError } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';
import { readExit } from './recover.ts';
import { RestartTimers, wantsRestart, wantsStartAtBoot } from './restart-policy.ts';
import { startFailure } from './start-error.ts';
import { ended } from './stop.ts';

function stopped(policy: string, count = 0, state: object = {}): Container {
  const hostConfig = { RestartPolicy: { Name: policy, MaximumRetryCount: count } };
  const times = { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' };
  return {
    id: 'x',
    hostConfig,
    state: { restartCount: 0, manuallyStopped: false, ...times, ...state },
  } as unknown as Container;
}

test('a policy wants another run or not', () => {
  const failed = { code: 1 };
  const ended = { code: 0 };
  assert.ok(!wantsRestart(stopped('no'), failed));
  assert.ok(wantsRestart(stopped('always'), ended));
  assert.ok(wantsRestart(stopped('unless-stopped'), ended));
  assert.ok(!wantsRestart(stopped('on-failure'), ended));
  assert.ok(wantsRestart(stopped('on-failure'), failed));
  assert.ok(wantsRestart(stopped('on-failure', 3, { restartCount: 2 }), failed));
  assert.ok(!wantsRestart(stopped('on-failure', 3, { restartCount: 3 }), failed));
  assert.ok(!wantsRestart(stopped('unless-stopped', 0, { manuallyStopped: true }), failed));
  assert.ok(wantsRestart(stopped('always', 0, { manuallyStopped: true }), failed));
});

test('when the daemon starts, always runs what had run, unless-stopped what no user has stopped', () => {
  const exited = (policy: string, state: object = {}): Container =>
    stopped(policy, 0, { status: 'exited', exitCode: 1, ...state });
  for (const policy of ['always', 'unless-stopped']) assert.ok(wantsStartAtBoot(exited(policy)), policy);
  for (const policy of ['no', 'on-failure']) assert.ok(!wantsStartAtBoot(exited(policy)), policy);
  assert.ok(wantsStartAtBoot(exited('always', { manuallyStopped: true })));
  assert.ok(!wantsStartAtBoot(exited('unless-stopped', { manuallyStopped: true })));
  assert.ok(!wantsStartAtBoot(exited('always', { status: 'created' })));
  assert.ok(!wantsStartAtBoot(exited('always', { startedAt: '0001-01-01T00:00:00Z' })));
});

test('who has given up does so until the next start by a user', () => {
  const timers = new RestartTimers();
  timers.giveUp('x');
  assert.ok(timers.hasGivenUp('x'));
  timers.reset('x');
  assert.ok(!timers.hasGivenUp('x'));
});

test('the wait between runs doubles, and begins anew after a long run', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const timers = new RestartTimers();
  let runs = 0;
  const waits = (container: Container, ms: number): void => {
    const before = runs;
    timers.schedule(container, () => runs++);
    context.mock.timers.tick(ms - 1);
    assert.equal(runs, before, `not before ${ms} ms`);
    context.mock.timers.tick(1);
    assert.equal(runs, before + 1, `at ${ms} ms`);
  };
  for (const ms of [100, 200, 400, 800]) waits(stopped('always'), ms);
  waits(stopped('always', 0, { finishedAt: '2026-01-01T00:00:10Z' }), 100);
  timers.schedule(stopped('always'), () => runs++);
  assert.ok(timers.cancel('x'));
  context.mock.timers.tick(60_000);
  assert.equal(runs, 5, 'a cancelled wait runs nothing');
});

test('a stop waits as long as it was told, be it longer than a timer of Node goes', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const day = 86_400_000;
  const running = Object.assign(new EventEmitter(), { running: true }) as unknown as Container;
  let over: boolean | undefined;
  const waited = ended(running, 60 * day).then((value) => (over = value));
  for (let days = 0; days < 59; days++) {
    context.mock.timers.tick(day);
    await Promise.resolve();
  }
  assert.equal(over, undefined);
  // A timer set inside a tick counts from the end of that tick.
  context.mock.timers.tick(2 * day);
  assert.equal(await waited, false);
  assert.equal(running.listenerCount('exited'), 0);
});

test('failed starts have the kind, the exit code and the words of the reference', () => {
  const prefix =
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ';
  const cases: [Error, string, number, string][] = [
    [
      new ShimError('exec: "/x": stat /x: no such file or directory', 2, 'exec'),
      'invalid-argument',
      127,
      prefix,
    ],
    [new ShimError('exec: "/etc": permission denied', 13, 'exec'), 'invalid-argument', 126, prefix],
    [new ShimError('error mounting "proc": invalid argument', 22, 'mounts'), 'internal', 128, prefix],
    [
      new ExecutorError('not-found', 'unable to find user x: no matching entries in passwd file', 0, 'user'),
      'internal',
      128,
      '',
    ],
    [unavailable('the executor ended'), 'unavailable', 128, ''],
    [new TypeError('a bug'), 'internal', 128, ''],
  ];
  for (const [thrown, kind, code, start] of cases) {
    const { error, exitCode } = startFailure(thrown);
    assert.deepEqual([error.kind, exitCode, error.message], [kind, code, start + thrown.message]);
  }
});

test('words of another runtime are not prefixed twice', () => {
  const { error } = startFailure(
    new ShimError('runc create failed: unable to start container process: exec: "x"', 2, 'create'),
  );
  assert.equal(
    error.message,
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "x"',
  );
});

test("words of a runtime that is not runc are not said to be runc's", () => {
  const words = 'executable file `x` not found in $PATH: No such file or directory';
  const { error, exitCode } = startFailure(new ShimError(words, 0, 'runtime'));
  assert.equal(
    error.message,
    `failed to create task for container: failed to create shim task: OCI runtime create failed: ${words}`,
  );
  assert.equal(exitCode, 127);
});

test('an exit file is read whole or not at all', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-exit-'));
  const path = join(directory, 'exit');
  try {
    assert.equal(await readExit(path), undefined);
    writeFileSync(path, 'code=137 at=1700000000000000123 oom=1\n');
    assert.deepEqual(await readExit(path), { code: 137, at: 1_700_000_000_000_000_123n, oomKilled: true });
    writeFileSync(path, 'code=13');
    assert.equal(await readExit(path), undefined);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
