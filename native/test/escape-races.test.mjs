/**
 * Escapes that are races: one container swaps names of a volume while others start that have the volume, too. Each
 * test has been seen to fail with the step it watches weakened, as its comment says.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import {
  bind,
  cleanUp,
  dockerSpec,
  expectedOnProc,
  mountsIn,
  options,
  runtime,
  runWithTerminal,
  skip,
  startSwapping,
  tries,
  withBundles,
  withCapabilities,
} from './escape-harness.mjs';

after(cleanUp);

/** Runs `once` as often as was asked for. Says how many containers started, and what the others were refused for. */
function repeat(t, once) {
  const refusals = new Map();
  let started = 0;
  const began = performance.now();
  for (let i = 0; i < tries; i++) {
    const { code, err } = once(i);
    if (code === 0) started++;
    else {
      const why = err.trim().split(': ').at(-1).slice(0, 60);
      refusals.set(why, (refusals.get(why) ?? 0) + 1);
    }
  }
  t.diagnostic(
    `${tries} tries in ${Math.round(performance.now() - began)} ms: ${started} started, refused: ${JSON.stringify(Object.fromEntries(refusals))}`,
  );
  return { started, refusals };
}

describe('races with a container that swaps names of a volume', { concurrency: false, skip }, () => {
  // Fails when fd_open_in_root resolves without RESOLVE_IN_ROOT.
  test('CVE-2021-30465: a mount below a volume stays in the container', options, (t) =>
    withBundles((swapper, victim) => {
      const [volume, outside, second] = ['volume', 'outside', 'second'].map((name) => victim.host(name));
      fs.writeFileSync(path.join(second, 'mark'), '');
      fs.mkdirSync(path.join(volume, 'place'));
      fs.symlinkSync(outside, path.join(volume, 'link'));
      startSwapping(swapper, volume, 'place', 'link');
      const { started } = repeat(t, (i) => {
        const spec = dockerSpec(['cat', '/proc/self/mountinfo']);
        spec.mounts.push(bind(volume, '/vol'), bind(second, `/vol/place/new-${i}`));
        const run = runtime.run(victim, spec);
        assert.deepEqual(fs.readdirSync(outside), [], 'a mount point was made on the host');
        if (run.code !== 0) return run;
        const at = mountsIn(run.out).filter(({ root }) => root.endsWith('/second'));
        assert.equal(at.length, 1, run.out);
        assert.ok(
          [`/vol/place/new-${i}`, `/vol/link/new-${i}`, `${outside}/new-${i}`].includes(at[0].at),
          at[0].at,
        );
        return run;
      });
      assert.ok(started > 0);
    }),
  );

  // Fails when clone_null follows links and does not look at the device it finds.
  test('CVE-2025-31133: only the null device masks', options, (t) =>
    withBundles((swapper, victim) => {
      const volume = deviceDirectory(victim);
      fs.symlinkSync('/proc/sys/kernel/core_pattern', path.join(volume, 'evil'));
      startSwapping(swapper, volume, 'null', 'evil');
      const masked = ['/proc/kcore', '/proc/keys', '/proc/timer_list'].filter((file) => fs.existsSync(file));
      const { started } = repeat(t, () => {
        const spec = dockerSpec(['sh', '-c', `attacker paths ${masked.join(' ')}; cat /proc/self/mountinfo`]);
        spec.mounts = spec.mounts.filter(({ destination }) => destination !== '/dev');
        spec.mounts.splice(1, 0, bind(volume, '/dev'));
        const run = runtime.run(victim, spec);
        if (run.code !== 0) return run;
        for (const file of masked) assert.match(run.out, new RegExp(`^${file} character 1:3 `, 'm'));
        assert.deepEqual(
          mountsIn(run.out).filter(({ root }) => root.includes('core_pattern')),
          [],
        );
        return run;
      });
      assert.ok(started > 0);
    }),
  );

  // Fails when the place of /dev/console is resolved by its path, as any mount's.
  test(
    'CVE-2025-52565: the console is the terminal of the container, and lands on /dev/console',
    options,
    (t) =>
      withBundles((swapper, victim) => {
        const volume = deviceDirectory(victim);
        fs.writeFileSync(path.join(volume, 'console'), '');
        fs.symlinkSync('/proc/sys/kernel/core_pattern', path.join(volume, 'evil'));
        startSwapping(swapper, volume, 'console', 'evil');
        const { started } = repeat(t, () => {
          const spec = dockerSpec(['cat', '/proc/self/mountinfo']);
          spec.mounts = spec.mounts.filter(({ destination }) => destination !== '/dev');
          spec.mounts.splice(1, 0, bind(volume, '/dev'));
          const run = runWithTerminal(victim, spec);
          if (run.code !== 0) return run;
          const terminals = mountsIn(run.out).filter(({ type, root }) => type === 'devpts' && root !== '/');
          assert.deepEqual(
            terminals.map(({ root, at }) => [root, at.replace('/dev/evil', '/dev/console')]),
            [['/0', '/dev/console']],
          );
          return run;
        });
        assert.ok(started > 0);
      }),
  );

  // Fails when check_proc_target takes every target; the sysctl alone when fd_open_proc crosses mounts on a container's /proc.
  test('CVE-2025-52881: nothing is mounted on /proc, and a sysctl reaches the kernel', options, (t) =>
    withBundles((swapper, victim) => {
      const [volume, fake] = ['volume', 'fake'].map((name) => victim.host(name));
      for (const name of ['ip_default_ttl', 'exec', 'current'])
        fs.writeFileSync(path.join(fake, name), 'fake');
      fs.mkdirSync(path.join(volume, 'place'));
      fs.symlinkSync('/proc/sys/net/ipv4', path.join(volume, 'link'));
      startSwapping(swapper, volume, 'place', 'link');
      const { started, refusals } = repeat(t, (i) => {
        const spec = dockerSpec(['cat', '/proc/sys/net/ipv4/ip_default_ttl', '/proc/self/mountinfo']);
        spec.linux.sysctl = { 'net.ipv4.ip_default_ttl': String(65 + (i % 100)) };
        spec.mounts.push(bind(volume, '/vol'), bind(fake, '/vol/place'));
        const run = runtime.run(victim, spec);
        if (run.code !== 0) return run;
        assert.equal(run.out.split('\n')[0], String(65 + (i % 100)));
        for (const { at } of mountsIn(run.out)) if (at.startsWith('/proc')) assert.match(at, expectedOnProc);
        return run;
      });
      assert.ok(started > 0);
      for (const why of refusals.keys()) assert.match(why, /inside \/proc|not a directory/);
    }),
  );
});

describe('races for the executable of the runtime', { concurrency: false, skip }, () => {
  const facts = ({ mode, size, mtimeMs }) => ({ mode, size, mtimeMs });
  const program = () => facts(fs.statSync(runtime.program));

  // Fails when exe_protect_self leaves the program as it was started.
  test('CVE-2019-5736: an exec shows nothing that can be written to', options, (t) =>
    withBundles((bundle) => {
      const before = program();
      const spec = withCapabilities(dockerSpec(['attacker', 'executables']), 'SYS_PTRACE');
      const id = runtime.start(bundle, spec);
      const log = () => fs.readFileSync(path.join(bundle.path, 'log'), 'utf8').trim().split('\n');
      while (log()[0] !== 'watching: yes') fs.readdirSync(bundle.path);
      const { started } = repeat(t, () => runtime.call(['exec', id, 'true']));
      assert.equal(started, tries);
      t.diagnostic(log().join(', '));
      for (const line of log())
        assert.match(
          line,
          /^(watching: yes|(open|chmod|truncate): Read-only file system|open: Text file busy)$/,
        );
      assert.deepEqual(program(), before);
    }),
  );
});

/** A directory to be mounted on /dev, with the devices every container needs. */
function deviceDirectory(bundle) {
  const volume = bundle.host('volume');
  for (const [name, minor] of [
    ['null', 3],
    ['zero', 5],
    ['full', 7],
    ['random', 8],
    ['urandom', 9],
  ])
    assert.equal(
      spawnSync('mknod', ['-m', '666', path.join(volume, name), 'c', '1', String(minor)]).status,
      0,
    );
  for (const name of ['pts', 'shm', 'mqueue']) fs.mkdirSync(path.join(volume, name));
  return volume;
}
