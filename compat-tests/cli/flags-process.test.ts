import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { containerName, docker, dockerOk, eventually } from '../support/engine.ts';
import { terminal } from '../support/terminal.ts';

/** The process of a container and how it is named, begun, watched and ended. */

const directory = mkdtempSync(join(tmpdir(), 'bt-process-'));
after(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]): Promise<string> => dockerOk('run', '--rm', ...args);
const sh = (script: string): string[] => ['busybox', 'sh', '-c', script];
const inspect = (name: string, format: string): Promise<string> => dockerOk('inspect', '-f', format, name);

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

async function fails(args: string[], text: RegExp): Promise<void> {
  const { code, stderr } = await docker(args);
  assert.notEqual(code, 0);
  assert.match(stderr, text);
}

test('--env and --env-file are the environment, the flag winning', async () => {
  const path = file('env', 'A=file\nB=file\n# a comment\n');
  assert.equal(
    await run('--env-file', path, '--env', 'A=flag', '-e', 'EMPTY=', ...sh('echo "$A $B ${EMPTY-unset}|"')),
    'flag file |',
  );
  assert.equal(await run('-e', 'HOSTNAME=mine', ...sh('echo $HOSTNAME')), 'mine');
});

test('--entrypoint takes the place of the image’s, and drops its command', async () => {
  assert.equal(await run('--entrypoint', '/bin/echo', 'busybox', 'a', 'b'), 'a b');
  assert.equal(await run('--entrypoint', '', 'busybox', 'echo', 'c'), 'c');
  await fails(['run', '--rm', '--entrypoint', '/none', 'busybox'], /\/none.*no such file/);
});

test('--workdir is made when it is missing, and is root’s', async () => {
  assert.equal(await run('-w', '/a/b', '-u', '1000', ...sh('pwd; stat -c %u:%a /a/b')), '/a/b\n0:755');
  await fails(['run', '--rm', '--workdir', 'rel', 'busybox'], /working directory 'rel' is invalid/);
});

test('--workdir may lead through links of /proc, as long as it stays inside', async () => {
  for (const user of ['0', '1000']) {
    for (const directory of ['/proc/self/cwd', '/proc/self/root', '/proc/1/cwd', '/proc/thread-self/cwd'])
      assert.equal(await run('-w', directory, '-u', user, ...sh('pwd -P')), '/', directory);
    assert.equal(await run('-w', '/proc/self/cwd/bin', '-u', user, ...sh('pwd -P')), '/bin');
    assert.equal(await run('-w', '/proc/self/fd', '-u', user, ...sh('pwd -P')), '/proc/1/fd');
  }
  for (const directory of [
    '/proc/self/fd/7',
    '/proc/self/exe',
    '/proc/self/fd/0',
    '/dev/fd/7',
    '/proc/self/ns/mnt',
  ])
    await fails(
      ['run', '--rm', '-w', directory, 'busybox', 'true'],
      /error during container init: .*(not a directory|no such file or directory)/,
    );
  await fails(
    ['run', '--rm', '--pid', 'host', '-w', '/proc/1/root', 'busybox', 'true'],
    /error during container init: .*(file exists|permission denied|outside of container mount namespace root)/,
  );
});

test('--user and --group-add are who the process is', async () => {
  assert.equal(
    await run('--user', '1000:50', '--group-add', '7', '--group-add', '5', ...sh('id -u; id -g; id -G')),
    `1000\n50\n50 5 7`,
  );
  await fails(['run', '--rm', '--user', 'bt-none', 'busybox'], /unable to find user bt-none/);
  await fails(['run', '--rm', '--group-add', 'bt-none', 'busybox'], /[Uu]nable to find group bt-none/);
});

test('--init is process 1 and reaps', async () => {
  assert.match(await run('--init', ...sh('cat /proc/1/cmdline | tr "\\0" " "')), /init -- sh -c/);
});

test('--interactive, --attach and --tty say which streams there are', async () => {
  const input = { input: 'line\n' };
  assert.equal((await docker(['run', '--rm', '--interactive', 'busybox', 'cat'], input)).stdout, 'line\n');
  const { stdout, stderr } = await docker([
    'run',
    '--rm',
    '--attach',
    'stderr',
    ...sh('echo out; echo err >&2'),
  ]);
  assert.deepEqual([stdout, stderr], ['', 'err\n']);
  assert.equal(await run('--tty', ...sh('test -t 1 && echo terminal')), 'terminal\r');
});

test('--detach gives the id, --name the name, --cidfile the id in a file, --rm takes all away', async () => {
  const [name, path] = [containerName(), join(directory, 'cid')];
  const id = await dockerOk(
    'run',
    '--detach',
    '--rm',
    '--name',
    name,
    '--cidfile',
    path,
    'busybox',
    'sleep',
    '600',
  );
  assert.equal(readFileSync(path, 'utf8'), id);
  assert.equal(await inspect(name, '{{.Id}} {{.HostConfig.AutoRemove}}'), `${id} true`);
  await dockerOk('kill', name);
  await eventually(async () => (await docker(['inspect', id])).code !== 0);
  await fails(['run', '--rm', '--cidfile', path, 'busybox'], /[Cc]ontainer ID file found/);
});

test('--detach-keys leave the container running', async () => {
  const name = containerName();
  const shell = terminal(
    'run',
    '-it',
    '--name',
    name,
    '--detach-keys',
    'ctrl-b,x',
    '-e',
    'PS1=ready> ',
    'busybox',
    'sh',
  );
  await shell.shows(/ready> /);
  shell.type('\u0002x');
  assert.equal(await shell.exited, 0);
  assert.equal(await inspect(name, '{{.State.Running}}'), 'true');
});

test('--sig-proxy=false keeps the signals of the CLI from the container', async () => {
  const name = containerName();
  const cli = spawn('docker', [
    'run',
    '--name',
    name,
    '--sig-proxy=false',
    ...sh('trap "exit 3" TERM; echo ready; while :; do sleep 0.1; done'),
  ]);
  await once(cli.stdout, 'data');
  cli.kill('SIGTERM');
  assert.equal(await dockerOk('exec', name, 'echo', 'alive'), 'alive');
  assert.equal(await inspect(name, '{{.State.Running}}'), 'true');
  const ending = once(cli, 'exit');
  await dockerOk('kill', name);
  await ending;
});

test('--stop-signal and --stop-timeout are what stop uses', async () => {
  const name = containerName();
  const script = 'trap "exit 7" USR1; trap "" TERM; echo ready; while :; do sleep 0.1; done';
  await dockerOk('run', '-d', '--name', name, '--stop-signal', 'USR1', '--stop-timeout', '30', ...sh(script));
  await eventually(async () => (await dockerOk('logs', name)).includes('ready'));
  await dockerOk('stop', name);
  assert.equal(
    await inspect(name, '{{.State.ExitCode}} {{.Config.StopSignal}} {{.Config.StopTimeout}}'),
    '7 USR1 30',
  );
  await fails(['run', '--rm', '--stop-signal', 'ODD', 'busybox'], /[Ii]nvalid signal: ODD/);
});

test('--restart brings the container back as often as it says', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--restart', 'on-failure:2', ...sh('exit 1'));
  await eventually(async () => (await inspect(name, '{{.RestartCount}} {{.State.Status}}')) === '2 exited');
  await fails(['run', '-d', '--restart', 'odd', 'busybox'], /invalid restart policy/);
});

test('--label, --label-file and --annotation are kept', async () => {
  const name = containerName();
  const path = file('labels', 'from=file\nboth=file\n');
  await dockerOk(
    'create',
    '--name',
    name,
    '--label-file',
    path,
    '--label',
    'both=flag',
    '--annotation',
    'org.example=note',
    'busybox',
  );
  assert.deepEqual(
    JSON.parse(await inspect(name, '[{{json .Config.Labels}}, {{json .HostConfig.Annotations}}]')),
    [{ both: 'flag', from: 'file' }, { 'org.example': 'note' }],
  );
});

test('--oom-score-adj is the process’s', async () => {
  assert.equal(await run('--oom-score-adj', '321', 'busybox', 'cat', '/proc/self/oom_score_adj'), '321');
  await fails(
    ['run', '--rm', '--oom-score-adj', '1001', 'busybox'],
    /range for oom score adj is \[-1000, 1000\]/,
  );
});

test('--pull, --quiet and --platform choose the image', async () => {
  assert.equal(
    await run('--pull', 'never', '--quiet', '--platform', 'linux/amd64', 'busybox', 'echo', 'ok'),
    'ok',
  );
  await fails(['run', '--rm', '--pull', 'never', 'bt-none'], /No such image: bt-none:latest/);
  await fails(
    ['run', '--rm', '--pull', 'never', '--platform', 'linux/s390x', 'busybox'],
    /image with reference busybox was found but its platform \(linux\/amd64\) does not match the specified platform \(linux\/s390x\)/,
  );
});

test('--disable-content-trust changes nothing for an engine', async () => {
  assert.equal(await run('--disable-content-trust=true', 'busybox', 'echo', 'ok'), 'ok');
});

test('--use-api-socket mounts the socket of the engine, where the machine has it in its usual place', async () => {
  const name = containerName();
  const { code, stderr } = await docker(['create', '--name', name, '--use-api-socket', 'busybox']);
  if (code === 0)
    assert.match(await inspect(name, '{{json .Mounts}}'), /"Destination":"\/var\/run\/docker.sock"/);
  else assert.match(stderr, /bind source path does not exist: \/var\/run\/docker.sock/);
});

test('--health-cmd with its times and retries says how a container is', async () => {
  const [name, sick] = [containerName(), containerName()];
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    '--health-cmd',
    'test -e /ready && echo fine',
    '--health-interval',
    '200ms',
    '--health-timeout',
    '20s',
    '--health-retries',
    '1000',
    '--health-start-period',
    '20s',
    '--health-start-interval',
    '100ms',
    'busybox',
    'sleep',
    '600',
  );
  assert.equal(await inspect(name, '{{.State.Health.Status}}'), 'starting');
  await dockerOk('exec', name, 'touch', '/ready');
  await eventually(async () => (await inspect(name, '{{.State.Health.Status}}')) === 'healthy');
  assert.match(
    await inspect(name, '{{(index .State.Health.Log 0).ExitCode}} {{json .State.Health.Log}}'),
    /fine/,
  );
  assert.deepEqual(JSON.parse(await inspect(name, '{{json .Config.Healthcheck}}')), {
    Test: ['CMD-SHELL', 'test -e /ready && echo fine'],
    Interval: 200_000_000,
    Timeout: 20_000_000_000,
    Retries: 1000,
    StartPeriod: 20_000_000_000,
    StartInterval: 100_000_000,
  });
  const check = ['--health-cmd', 'exit 1', '--health-interval', '100ms', '--health-retries', '2'];
  await dockerOk('run', '-d', '--name', sick, ...check, 'busybox', 'sleep', '600');
  await eventually(async () => (await inspect(sick, '{{.State.Health.Status}}')) === 'unhealthy');
});

test('--no-healthcheck switches the check off', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--no-healthcheck', 'busybox', 'sleep', '600');
  assert.equal(
    await inspect(name, '{{json .Config.Healthcheck.Test}} {{if .State.Health}}some{{end}}'),
    '["NONE"] ',
  );
});

test('--add-host, --dns, --dns-search and --dns-option are in the files of the container', async () => {
  const seen = await run(
    '--add-host',
    'one.example=10.9.8.7',
    '--add-host',
    'six.example=2001:db8::1',
    '--add-host',
    'up.example:host-gateway',
    '--dns',
    '10.1.2.3',
    '--dns-search',
    'example.com',
    '--dns-option',
    'ndots:3',
    ...sh('cat /etc/hosts /etc/resolv.conf'),
  );
  for (const line of [
    /^10\.9\.8\.7\tone\.example$/m,
    /^2001:db8::1\tsix\.example$/m,
    /^\d+\.\d+\.\d+\.\d+\tup\.example$/m,
    /^nameserver 10\.1\.2\.3$/m,
    /^search example\.com$/m,
    /^options ndots:3$/m,
  ])
    assert.match(seen, line);
  await fails(['run', '--rm', '--add-host', 'odd', 'busybox'], /bad format for add-host: "odd"/);
});

test('--mac-address is that of the interface', async () => {
  assert.equal(
    await run('--mac-address', '02:42:ac:11:00:99', 'busybox', 'cat', '/sys/class/net/eth0/address'),
    '02:42:ac:11:00:99',
  );
  await fails(
    ['run', '--rm', '--mac-address', 'odd', 'busybox'],
    /invalid.*odd|odd.*invalid|not a valid mac/i,
  );
});

test('--help says what there is, and what is refused leaves no file', async () => {
  assert.match(await dockerOk('run', '--help'), /--workdir string/);
  const path = join(directory, 'unmade');
  await fails(['run', '--rm', '--cidfile', path, '--cap-add', 'odd', 'busybox'], /unknown capability/);
  assert.equal(existsSync(path), false);
});
