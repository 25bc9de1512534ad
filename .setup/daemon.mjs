// Starts a Berth of its own for tests and benchmarks: own data, sockets and bridge, all removed at the end.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { project } from './machine.mjs';

/** One GET through a unix socket: resolves with the status, rejects when nothing answers. */
export function get(socketPath, path) {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, timeout: 5000 }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no answer within 5 s')));
    sent.end();
  });
}

/**
 * Starts berthd and waits for its first answer.
 * @returns {{socket, host, root, pid, firstAnswerMs, log(), kill(signal), stop(): Promise<void>}}
 */
export async function startDaemon({
  flags = [],
  root = mkdtempSync('/tmp/berth-'),
  bridge,
  env = {},
  under = [],
} = {}) {
  const socket = join(root, 'docker.sock');
  const logFile = join(root, 'daemon.log');
  const name = bridge ?? `bt${process.pid % 100000}`;
  const args = [
    '-H',
    `unix://${socket}`,
    '--data-root',
    join(root, 'data'),
    '--exec-root',
    join(root, 'exec'),
    '--pidfile',
    join(root, 'berth.pid'),
    '--bridge',
    name,
    ...flags,
  ];
  const output = openSync(logFile, 'a');
  const began = performance.now();
  const [command, ...words] = [...under, join(project, '.setup', 'berthd'), ...args];
  const child = spawn(command, words, {
    stdio: ['ignore', output, output],
    detached: true,
    env: { ...process.env, ...env },
  });
  let ended = false;
  const exited = new Promise((resolve) => child.once('exit', () => ((ended = true), resolve())));
  const deadline = began + 240_000;
  for (;;) {
    if (ended) throw new Error(`berthd ended at start:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
    if (performance.now() > deadline)
      throw new Error(`berthd does not answer:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
    const answered = await get(socket, '/_ping').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (answered) break;
    await wait(5);
  }
  const firstAnswerMs = performance.now() - began;
  return {
    socket,
    host: `unix://${socket}`,
    root,
    bridge: name,
    pid: child.pid,
    firstAnswerMs,
    log: () => readFileSync(logFile, 'utf8'),
    exited,
    kill: (signal) => (process.kill(child.pid, signal), exited),
    async stop() {
      if (!ended) process.kill(child.pid, 'SIGTERM');
      await Promise.race([exited, wait(20_000)]);
      if (!ended) process.kill(child.pid, 'SIGKILL');
      await exited;
      // What a daemon leaves on purpose for its next start; here there is none.
      spawnSync('ip', ['link', 'del', name]);
      // A table without its bridge would go on dropping what comes for its subnet, which the next daemon may choose.
      spawnSync('nft', ['delete', 'table', 'inet', `berth_${name}`]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
