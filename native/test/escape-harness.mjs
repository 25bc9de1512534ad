/**
 * What the tests of escapes share: bundles with the attacker in them, a container that swaps two names of a volume
 * for as long as a test lasts, and what may be seen of the mounts of its victim.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Bundle, berth, dockerSpec, Runtime } from './side-by-side-harness.mjs';

const build = process.env.BERTH_NATIVE_BUILD ?? path.resolve(import.meta.dirname, '../build');
const attacker = path.join(build, 'test', 'attacker');
/** How often a race is tried. What CI has time for finds a hole that is wide open; 2000 is the number to trust. */
export const tries = Number(process.env.BERTH_ESCAPE_TRIES ?? 20);
/** How long one command may take; emulated machines ask for more. */
const commandTimeoutMs = Number(process.env.BERTH_TEST_TIMEOUT_MS ?? 20_000);
export const options = { timeout: 4 * commandTimeoutMs + tries * 500 };
export const skip =
  process.getuid() !== 0 ? 'containers need root' : !fs.existsSync('/bin/busybox') && 'needs busybox-static';
export const runtime = new Runtime('escapes', berth);
const cgroupParent = 'berth-side-test';

/** A bundle whose containers have `/bin/attacker`. */
export function hostileBundle() {
  const bundle = new Bundle();
  fs.copyFileSync(attacker, path.join(bundle.rootfs, 'bin/attacker'));
  return bundle;
}

/** Runs `body` with as many bundles as it takes, and removes them and their containers. */
export async function withBundles(body) {
  const bundles = Array.from({ length: body.length }, hostileBundle);
  try {
    await body(...bundles);
  } finally {
    for (const bundle of bundles) bundle.close();
  }
}

export { dockerSpec };

/** A specification with more capabilities. */
export function withCapabilities(spec, ...names) {
  for (const set of Object.values(spec.process.capabilities)) set.push(...names.map((name) => `CAP_${name}`));
  return spec;
}

export const bind = (source, destination, ...more) => ({
  destination,
  type: 'bind',
  source,
  options: ['rbind', 'rprivate', ...more],
});

/** Writes the bundle as `run` of the runtime would; returns the arguments of that run. */
export function prepared(bundle, spec) {
  const id = runtime.id(bundle);
  spec.linux.cgroupsPath = `/${cgroupParent}/${id}`;
  bundle.write(spec);
  return ['--root', `${runtime.root}/state`, 'run', '--bundle', bundle.path, id];
}

/** Runs a bundle whose process has a terminal to its end. */
export function runWithTerminal(bundle, spec) {
  spec.process.terminal = true;
  const command = [runtime.program, ...prepared(bundle, spec)].join(' ');
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    input: '',
  });
  return { code: status, out: stdout.replaceAll('\r', ''), err: stdout };
}

/** Starts a container of `bundle` that swaps two names of the directory `volume` until the bundle is closed. */
export function startSwapping(bundle, volume, one, other) {
  const spec = dockerSpec(['attacker', 'exchange', `/vol/${one}`, `/vol/${other}`]);
  spec.mounts.push(bind(volume, '/vol'));
  runtime.start(bundle, spec);
  const log = path.join(bundle.path, 'log');
  while (!fs.readFileSync(log, 'utf8').includes('swapping')) fs.readdirSync(volume);
}

/** The mounts of a mountinfo text: `root` within the file system, where they are, type. */
export function mountsIn(text) {
  return text
    .split('\n')
    .filter((line) => /^\d+ \d+ \d+:\d+ /.test(line))
    .map((line) => {
      const [head, tail] = line.split(' - ');
      const fields = head.split(' ');
      return { root: fields[3], at: fields[4], flags: fields[5], type: tail.split(' ')[0] };
    });
}

/** What of procfs lies on procfs or is read-only there, in a container of dockerSpec. */
export const expectedOnProc = /^\/proc(\/(acpi|kcore|keys|timer_list|scsi|bus|fs|irq|sys|sysrq-trigger))?$/;

/** Removes what the containers' cgroups were made in. */
export function cleanUp() {
  runtime.close();
  for (const dir of ['', ...fs.readdirSync('/sys/fs/cgroup')])
    try {
      fs.rmdirSync(path.join('/sys/fs/cgroup', dir, cgroupParent));
    } catch {
      // not made there, or others' containers are in it
    }
}
