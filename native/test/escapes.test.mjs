/**
 * Escapes known from other container runtimes, tried from inside: what the host has must be untouched and out of reach. Those
 * that are races are in escape-races.test.mjs. Each test has been seen to fail with the step it watches weakened, as its
 * comment says.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { bind, cleanUp, dockerSpec, mountsIn, options, runtime, skip, withBundles, withCapabilities } from './escape-harness.mjs';
import { Container } from './shim-harness.mjs';

after(cleanUp);

const v2 = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');

/** Writes the bundle as `run` would; returns the arguments of the run. */
function prepared(bundle, spec) {
  const id = runtime.id(bundle);
  spec.linux.cgroupsPath = `/berth-side-test/${id}`;
  bundle.write(spec);
  return ['--root', `${runtime.root}/state`, 'run', '--bundle', bundle.path, id];
}

/** Runs the runtime with a directory of the host open at descriptors 3 to 7. */
async function callWithOpenDirectories(directory, args) {
  const fd = fs.openSync(directory, 'r');
  const child = spawn(runtime.program, args, { stdio: ['ignore', 'pipe', 'pipe', fd, fd, fd, fd, fd] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = await once(child, 'close');
  fs.closeSync(fd);
  return { code, out, err };
}

describe('what a container tries', { concurrency: false, skip }, () => {
  // Fails when give_up_all does nothing (the program of a container), and when child_enter gives up no descriptors
  // and check_directory does nothing (the directory of an exec: that of a container is refused by make_cwd, too).
  test('CVE-2024-21626: no descriptor leads to the host, for the program or the working directory', options, () =>
    withBundles(async (bundle) => {
      const program = bundle.host('bin/busybox', fs.readFileSync('/bin/busybox'));
      fs.chmodSync(program, 0o755);
      const id = runtime.start(bundle, withCapabilities(dockerSpec(['sleep', '100']), 'SYS_PTRACE'));
      const exec = ['--root', `${runtime.root}/state`, 'exec'];
      const refused = async (what, args) => {
        const { code, out, err } = await callWithOpenDirectories(bundle.path, args);
        assert.notEqual(code, 0, `${what}: ${out}`);
        assert.match(err, /no such file or directory|not a directory|mkdir/);
      };
      for (let fd = 3; fd < 13; fd++)
        for (const way of ['', '../', 'self/root/', '1/root/']) {
          const directory = `/proc/self/fd/${fd}/${way}`;
          await refused(directory, [...exec, '--cwd', directory, id, 'true']);
          await refused(`${directory}bin/busybox`, [...exec, id, `${directory}bin/busybox`, 'true']);
          const spec = withCapabilities(dockerSpec([`${directory}bin/busybox`, 'true']), 'SYS_PTRACE');
          await refused(`${directory}bin/busybox`, prepared(bundle, spec));
          spec.process.args = ['true'];
          spec.process.cwd = directory;
          await refused(directory, prepared(bundle, spec));
        }
    }),
  );
});

