// npm run soak: many containers one after the other and many at once, then a look at what is left and at the daemon's memory.
//   --runs N     sequential `docker run --rm` through the CLI (default 1000)
//   --at-once N  containers running at the same time (default 200)
//   --mixed      instead: workers that do everything with containers through the API, for
//   --minutes N  (default 24)
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clients, ensureClients } from './clients.mjs';
import { get, startDaemon } from './daemon.mjs';
import { ensureImages, images } from './images.mjs';
import { leaked, snapshot } from './leaks.mjs';
import { ensurePackages, readList } from './machine.mjs';
import { soakMixed } from './soak-mixed.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    'at-once': { type: 'string', default: '200' },
    mixed: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '24' },
  },
});

ensurePackages(readList('packages-test.txt'));
ensureClients();
await ensureImages(['busybox']);

let failures = 0;
const check = (holds, text) => {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${text}`);
  if (!holds) failures++;
};

/** Pss of the daemon and number of its descriptors. */
function sizeOf(pid) {
  const kib = Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
  return { kib, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

const daemon = await startDaemon();
const docker = (...args) =>
  new Promise((resolve) => {
    const child = spawn(join(clients, 'docker'), ['-H', daemon.host, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });

/** What is left that was not there before; a namespace and its veth go when the kernel gets to it. */
async function leftovers(before) {
  for (let i = 0; ; i++) {
    const left = leaked(before, snapshot()).filter((line) => !line.startsWith('namespaces: net'));
    if (left.length === 0 || i === 100) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Sequential runs through the CLI, then many containers at the same time. */
async function plain() {
  const wrong = [];
  const runs = async (count) => {
    for (let i = 0; i < count; i++) {
      const { code, output } = await docker('run', '--rm', 'busybox', 'echo', String(i));
      if (code !== 0 || output !== String(i)) wrong.push(`run ${i}: ${code} ${output}`);
    }
  };
  const atOnce = async (count) => {
    const ids = await Promise.all(
      Array.from({ length: count }, () => docker('run', '-d', 'busybox', 'sleep', '600')),
    );
    for (const { code, output } of ids) if (code !== 0) wrong.push(output);
    const running = (await docker('ps', '-q')).output.split('\n').length;
    await docker('rm', '-f', ...ids.map(({ output }) => output));
    return running;
  };
  // Memory is compared warm: the first runs fill caches that stay.
  await runs(Math.min(300, Number(values.runs)));
  await atOnce(Math.min(20, Number(values['at-once'])));
  const before = snapshot();
  const small = sizeOf(daemon.pid);
  const began = performance.now();
  await runs(Number(values.runs));
  const seconds = (performance.now() - began) / 1000;
  check(
    wrong.length === 0,
    `${values.runs} sequential docker run --rm in ${seconds.toFixed(0)} s (${((seconds * 1000) / values.runs).toFixed(0)} ms each) ${wrong.slice(0, 3).join('; ')}`,
  );
  const large = sizeOf(daemon.pid);
  check(large.kib <= small.kib * 1.1, `daemon memory: ${small.kib} KiB before, ${large.kib} KiB after`);
  check(
    large.descriptors <= small.descriptors + 2,
    `descriptors: ${small.descriptors} before, ${large.descriptors} after`,
  );
  const running = await atOnce(Number(values['at-once']));
  check(running === Number(values['at-once']), `${running} containers at once`);
  const left = await leftovers(before);
  check(left.length === 0, `nothing left behind ${left.slice(0, 5).join('; ')}`);
}

/** Everything at once for a while: early and late samples of memory are compared, descriptors when all is quiet. */
async function mixed() {
  const { socket: socketPath } = daemon;
  await soakMixed({ socketPath, minutes: Math.min(0.5, Number(values.minutes) / 5), sample: () => {} });
  const before = snapshot();
  const quiet = sizeOf(daemon.pid);
  const samples = [];
  const began = performance.now();
  const { rounds, errors } = await soakMixed({
    socketPath,
    minutes: Number(values.minutes),
    sample: () => samples.push(sizeOf(daemon.pid).kib),
  });
  const seconds = (performance.now() - began) / 1000;
  check(
    errors.length === 0,
    `${rounds} rounds in ${seconds.toFixed(0)} s ${errors.slice(0, 5).join('\n     ')}`,
  );
  // The middle of a third evens out what a collection more or less makes.
  const median = (some) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0;
  const third = Math.max(1, Math.floor(samples.length / 3));
  const [early, late] = [median(samples.slice(0, third)), median(samples.slice(-third))];
  check(late <= early * 1.1, `daemon memory: ${early} KiB early, ${late} KiB late`);
  const left = await leftovers(before);
  check(left.length === 0, `nothing left behind ${left.slice(0, 5).join('; ')}`);
  const { descriptors } = sizeOf(daemon.pid);
  check(
    descriptors <= quiet.descriptors + 2,
    `descriptors: ${quiet.descriptors} before, ${descriptors} after`,
  );
  const remaining = JSON.parse((await get(socketPath, '/containers/json?all=1')).body);
  check(remaining.length === 0 || errors.length > 0, `${remaining.length} containers remain`);
}

try {
  await docker('load', '-q', '-i', join(images, 'busybox.tar'));
  await (values.mixed ? mixed() : plain());
} finally {
  await daemon.stop();
}
process.exit(failures === 0 ? 0 : 1);
