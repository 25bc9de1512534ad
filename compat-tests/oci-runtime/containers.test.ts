import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { limitInside, limits } from '../support/cgroup.ts';
import { containerName, docker, dockerOk, eventually } from '../support/engine.ts';

/** The OCI runtimes the engine names, with why one cannot work on this machine. */
async function runtimes(): Promise<{ name: string; skip: string | false }[]> {
  const named = JSON.parse(await dockerOk('info', '--format', '{{json .Runtimes}}')) as Record<
    string,
    unknown
  >;
  // The names containerd gives its shims stand for the same programs.
  const names = Object.keys(named).filter((name) => !name.startsWith('io.containerd.'));
  return Promise.all(
    names.sort().map(async (name) => {
      const { code, stderr } = await docker(['run', '--rm', '--runtime', name, 'busybox', 'true']);
      // crun 1.8 knows neither this version of the specification nor machines with cgroups of both versions.
      const old = code !== 0 && /unknown version specified|hybrid mode not supported/.exec(stderr)?.[0];
      return { name, skip: old ? `this runtime is too old: ${old}` : false };
    }),
  );
}

const sh = (script: string): string[] => ['busybox', 'sh', '-c', script];

for (const { name: runtime, skip } of await runtimes())
  describe(`containers on the runtime ${runtime}`, { skip }, () => {
    const run = (...args: string[]) => docker(['run', '--rm', '--runtime', runtime, ...args]);

    test('inspect names the runtime', async () => {
      const name = containerName();
      await dockerOk('create', '--runtime', runtime, '--name', name, 'busybox');
      assert.equal(await dockerOk('inspect', '-f', '{{.HostConfig.Runtime}}', name), runtime);
    });

    test('run gives both outputs and the exit code', async () => {
      const { code, stdout, stderr } = await run(...sh('echo out; echo err >&2; exit 3'));
      assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: 'out\n', stderr: 'err\n' });
    });

    test('a program that is killed gives 128 and the signal', async () => {
      assert.equal((await run(...sh('sh -c "kill -KILL \\$\\$"; exit $?'))).code, 137);
    });

    test('run -i passes stdin on and ends with it', async () => {
      const input = 'line of input\n'.repeat(20_000);
      const { code, stdout } = await docker(['run', '--rm', '-i', '--runtime', runtime, 'busybox', 'cat'], {
        input,
      });
      assert.equal(code, 0);
      assert.equal(stdout, input);
    });

    test('run -t gives a terminal', async () => {
      const { code, stdout } = await run('-t', ...sh('test -t 1 && tty'));
      assert.equal(code, 0);
      assert.match(stdout, /^\/dev\/(pts\/0|console)\r\n$/);
    });

    test('update changes the limits of a running container, what is refused changes none', async () => {
      const name = containerName();
      await dockerOk(
        'run',
        '-d',
        '--runtime',
        runtime,
        '--name',
        name,
        '--memory',
        '64m',
        'busybox',
        'sleep',
        '60',
      );
      await dockerOk('update', '--memory', '32m', '--memory-swap', '48m', '--pids-limit', '33', name);
      assert.equal(await limitInside(name, limits.memory), '33554432');
      assert.equal(await limitInside(name, limits.pids), '33');
      const { code } = await docker(['update', '--memory', '100m', name]);
      assert.equal(code, 1);
      assert.equal(await limitInside(name, limits.memory), '33554432');
    });

    test('users, capabilities, limits and host name are what was asked for', async () => {
      const asked =
        '--user 1234:567 --hostname named --ulimit nofile=300:400 --workdir /made/here --env SAID=so ' +
        '--cap-drop ALL --security-opt no-new-privileges';
      const script =
        'id -u; id -g; hostname; ulimit -n; pwd; echo $SAID; grep -E "CapBnd|NoNewPrivs" /proc/self/status';
      const { stdout } = await run(...asked.split(' '), ...sh(script));
      assert.equal(
        stdout,
        '1234\n567\nnamed\n300\n/made/here\nso\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n',
      );
    });

    for (const [what, args, expected, words, wordsOfCrun] of [
      [
        'a program that is not there',
        ['no-such-program'],
        127,
        /executable file not found in \$PATH/,
        /executable file `no-such-program` not found in \$PATH/,
      ],
      [
        'a path that is not there',
        ['/no/such'],
        127,
        /no such file or directory/,
        /No such file or directory/,
      ],
      ['a file that is no program', ['/etc/passwd'], 126, /permission denied/, /open executable: \w+/],
    ] as const)
      test(`${what} gives ${expected}`, async () => {
        const { code, stderr } = await run('busybox', ...args);
        // The client derives the code from the words, and knows only runc's.
        assert.equal(code, runtime === 'crun' ? 125 : expected);
        assert.match(stderr, runtime === 'crun' ? wordsOfCrun : words);
      });

    test('logs keep what was written', async () => {
      const name = containerName();
      await dockerOk('run', '-d', '--runtime', runtime, '--name', name, ...sh('seq 1 1000; echo end >&2'));
      await dockerOk('wait', name);
      const { stdout, stderr } = await docker(['logs', name]);
      assert.equal(stdout.trimEnd().split('\n').length, 1000);
      assert.equal(stderr, 'end\n');
    });

    test('exec runs in the container and gives its code', async () => {
      const name = containerName();
      await dockerOk(
        'run',
        '-d',
        '--runtime',
        runtime,
        '--name',
        name,
        '--env',
        'SAID=so',
        'busybox',
        'sleep',
        '600',
      );
      const inside = await docker(['exec', name, 'sh', '-c', 'echo $SAID; echo err >&2; exit 7']);
      assert.deepEqual([inside.code, inside.stdout, inside.stderr], [7, 'so\n', 'err\n']);
      assert.equal((await docker(['exec', '-i', name, 'cat'], { input: 'typed' })).stdout, 'typed');
      assert.equal(
        await dockerOk('exec', '-u', '1000', '-w', '/tmp', name, 'sh', '-c', 'id -u; pwd'),
        '1000\n/tmp',
      );
      assert.equal((await docker(['exec', name, 'no-such-program'])).code, 127);
      await dockerOk('rm', '-f', name);
    });

    test('stop, kill and pause reach the program', async () => {
      const name = containerName();
      const script = 'trap "echo hup" HUP; trap "exit 4" TERM; echo up; while :; do sleep 0.05; done';
      await dockerOk('run', '-d', '--runtime', runtime, '--name', name, ...sh(script));
      await eventually(() => dockerOk('logs', name));
      await dockerOk('kill', '-s', 'HUP', name);
      await eventually(async () => /hup/.test(await dockerOk('logs', name)));
      await dockerOk('pause', name);
      assert.equal(await dockerOk('inspect', '-f', '{{.State.Status}}', name), 'paused');
      await dockerOk('unpause', name);
      await dockerOk('stop', name);
      assert.equal(
        await dockerOk('inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', name),
        'exited 4',
      );
      await dockerOk('start', name);
      await dockerOk('kill', name);
      assert.equal(await dockerOk('wait', name), '137');
    });
  });
