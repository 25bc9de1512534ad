// What the set-up steps share: running a tool, the project's folders, Debian packages.
// Runs on the machine's own Node (20 or later), before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** Downloads and built test images: ignored by git, safe to delete. */
export const cache = join(project, '.cache');

/** The Node that runs Berth: a package of the project, so that the machine's own may be older. */
export const node = join(project, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

/** Ends the set-up with one clear message. */
export function fail(message) {
  console.error(`berth set-up: ${message}`);
  process.exit(1);
}

/** Runs a tool to its end with its output shown only if it fails (or when `show`). */
export function run(command, args, { cwd = project, env = process.env, show = false, input } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: show ? ['ignore', 'inherit', 'inherit'] : ['pipe', 'pipe', 'pipe'],
  });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) {
    if (!show) process.stderr.write(`${result.stdout}${result.stderr}`);
    fail(`${[command, ...args].join(' ')} failed (${result.signal ?? `exit ${result.status}`})`);
  }
  return result.stdout ?? '';
}

/** Does `work` unless it was done for the same `inputs` before and what it made is still `present`. */
export function once(name, inputs, present, work) {
  const stamp = join(cache, 'stamps', name);
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  if (present() && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

/** The lines of a list file, without comments. */
export function readList(file) {
  return readFileSync(join(project, '.setup', file), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
}

/** Makes sure that Debian packages are installed: by apt when root, otherwise says what to install. */
export function ensurePackages(names) {
  const known = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Abbrev}\n', ...names], {
    encoding: 'utf8',
  });
  if (known.error) {
    console.error(
      `berth set-up: this is not a Debian system; it needs what these packages hold: ${names.join(' ')}`,
    );
    return;
  }
  const installed = new Set(
    known.stdout
      .split('\n')
      .filter((line) => / ii ?$/.test(line))
      .map((line) => line.split(' ')[0]),
  );
  const missing = names.filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  if (process.getuid() !== 0) fail(`please install (as root): apt-get install ${missing.join(' ')}`);
  console.log(`berth set-up: installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env });
}
