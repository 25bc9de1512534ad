import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { containerName, docker, dockerOk, ended, eventually } from '../support/engine.ts';
import { terminal } from '../support/terminal.ts';

test('run gives the output on its own streams and the exit code', async () => {
  const { code, stdout, stderr } = await docker([
    'run',
    '--rm',
    'busybox',
    'sh',
    '-c',
    'echo out; echo err >&2; exit 3',
  ]);
  assert.deepEqual({ code, stdout, stderr }, { code: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('run -i passes stdin on and ends with it', async () => {
  const input = 'line of input\n'.repeat(20_000);
  const { code, stdout } = await docker(['run', '--rm', '-i', 'busybox', 'cat'], { input });
  assert.equal(code, 0);
  assert.equal(stdout, input);
});

test('run loses no byte of a large output', async () => {
  const { code, stdout } = await docker(['run', '--rm', 'busybox', 'sh', '-c', 'seq 1 300000']);
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 300_000);
  assert.equal(lines.at(-1), '300000');
});

test('run -it gives a terminal of the size of ours, echoing, with job signals', async () => {
  const shell = terminal('run', '--rm', '-it', '-e', 'PS1=ready> ', 'busybox', 'sh');
  await shell.shows(/ready> /);
  shell.type('stty size; tty\n');
  await shell.shows(/30 100/);
  await shell.shows(/\/dev\/pts\/0/);
  shell.type('trap "echo caught-$((1+1))" INT\n');
  // Only at its next prompt has the shell set the trap.
  await shell.shows(/INT[^]*ready> /);
  shell.type('\u0003');
  await shell.shows(/caught-2/);
  shell.type('exit 5\n');
  assert.equal(await shell.exited, 5);
});

test('the detach keys leave the container running, and attach comes back to it', async () => {
  const name = containerName();
  const first = terminal('run', '-it', '--name', name, '-e', 'PS1=ready> ', 'busybox', 'sh');
  await first.shows(/ready> /);
  first.type('\u0010\u0011');
  assert.equal(await first.exited, 0);
  assert.equal(await dockerOk('inspect', '-f', '{{.State.Status}}', name), 'running');
  const second = terminal('attach', '--detach-keys', 'ctrl-a,x', name);
  second.type('echo here-$((40+2))\n');
  await second.shows(/here-42/);
  second.type('\u0001x');
  await second.exited;
  assert.equal(await dockerOk('inspect', '-f', '{{.State.Status}}', name), 'running');
});

test('run -d prints the id and leaves the container running', async () => {
  const name = containerName();
  const id = await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  assert.match(id, /^[0-9a-f]{64}$/);
  assert.equal(await dockerOk('ps', '-q', '--no-trunc', '--filter', `name=${name}`), id);
  assert.match(
    await dockerOk(
      'ps',
      '--filter',
      `id=${id}`,
      '--format',
      '{{.Status}}|{{.Names}}|{{.Image}}|{{.Command}}',
    ),
    new RegExp(`^Up .*\\|${name}\\|busybox\\|"sleep 600"$`),
  );
});

test('run --rm leaves nothing, also when the command cannot be started', async () => {
  const name = containerName();
  await docker(['run', '--rm', '--name', name, 'busybox', 'true']);
  await eventually(async () => (await docker(['inspect', name])).code !== 0);
  await docker(['run', '--rm', '--name', name, 'busybox', '/no/such']);
  await eventually(async () => (await docker(['inspect', name])).code !== 0);
});

const failures: [string, string[], number, RegExp][] = [
  [
    'a command that is not there',
    ['busybox', 'nosuchcommand'],
    127,
    /exec: "nosuchcommand": executable file not found in \$PATH/,
  ],
  [
    'a path that is not there',
    ['busybox', '/no/such'],
    127,
    /exec: "\/no\/such": stat \/no\/such: no such file or directory/,
  ],
  [
    'a command that is not executable',
    ['busybox', '/etc/passwd'],
    126,
    /exec: "\/etc\/passwd": permission denied/,
  ],
  ['a folder as the command', ['busybox', '/etc'], 126, /exec: "\/etc": is a directory|permission denied/],
  [
    'an unknown user',
    ['-u', 'nosuchuser', 'busybox', 'true'],
    125,
    /unable to find user nosuchuser: no matching entries in passwd file/,
  ],
  [
    'an unknown group',
    ['-u', 'root:nosuchgroup', 'busybox', 'true'],
    125,
    /unable to find group nosuchgroup: no matching entries in group file/,
  ],
  [
    'a bad name',
    ['--name', '-x', 'busybox', 'true'],
    125,
    /Invalid container name \(-x\), only \[a-zA-Z0-9\]\[a-zA-Z0-9_\.-\] are allowed/,
  ],
  [
    'a bad working directory',
    ['-w', 'relative', 'busybox', 'true'],
    125,
    /the working directory 'relative' is invalid, it needs to be an absolute path/,
  ],
  [
    'an unknown capability',
    ['--cap-add', 'NOSUCH', 'busybox', 'true'],
    125,
    /invalid CapAdd: unknown capability: "CAP_NOSUCH"/,
  ],
  [
    'an unknown runtime',
    ['--runtime', 'nosuch', 'busybox', 'true'],
    125,
    /unknown or invalid runtime name: nosuch/,
  ],
  ['too little memory', ['-m', '1m', 'busybox', 'true'], 125, /Minimum memory limit allowed is 6MB/],
];
for (const [what, args, code, text] of failures) {
  test(`run with ${what} fails with Docker's code and text`, async () => {
    const result = await docker(['run', '--rm', ...args]);
    assert.equal(result.code, code);
    assert.match(result.stderr, text);
  });
}

test('signals to the CLI reach the container, and its code comes back', async () => {
  const name = containerName();
  const child = spawn('docker', [
    'run',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'trap "echo got; exit 9" TERM; echo up; while :; do sleep 0.1; done',
  ]);
  const result = ended(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGTERM');
  const { code, stdout } = await result;
  assert.equal(code, 9);
  assert.match(stdout, /got/);
});

test('what a container sees: environment, user, folders, host name', async () => {
  const shown = await dockerOk(
    'run',
    '--rm',
    '-e',
    'A=b c',
    '-u',
    'operator',
    '-w',
    '/var/new',
    '-h',
    'inner',
    '--group-add',
    'audio',
    'busybox',
    'sh',
    '-c',
    'echo "$A|$HOME|$PATH"; id -u; id -G | tr " " "\\n" | sort -nu | xargs; pwd; hostname; ls -ld /var/new | cut -c1-10',
  );
  assert.equal(
    shown,
    [
      'b c|/var|/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      '37',
      '29 37',
      '/var/new',
      'inner',
      'drwxr-xr-x',
    ].join('\n'),
  );
});

test('numeric users need no entry in the image', async () => {
  assert.equal(
    await dockerOk('run', '--rm', '-u', '1234:4321', 'busybox', 'sh', '-c', 'id -u; id -g; echo $HOME'),
    '1234\n4321\n/',
  );
});

test('--init reaps orphans and passes signals', async () => {
  const shown = await dockerOk(
    'run',
    '--rm',
    '--init',
    'busybox',
    'sh',
    '-c',
    'cat /proc/1/comm; (sleep 0.1 &) ; sleep 0.5; ps -o stat | grep -c Z; true',
  );
  assert.match(shown, /docker-init|tini|init/);
  assert.match(shown, /\n0$/);
});

test('--read-only and --tmpfs hold', async () => {
  const shown = await dockerOk(
    'run',
    '--rm',
    '--read-only',
    '--tmpfs',
    '/scratch:size=1m',
    'busybox',
    'sh',
    '-c',
    'touch /x 2>&1; touch /scratch/y && echo wrote; df -k /scratch | tail -1 | awk "{print \\$2}"',
  );
  assert.match(shown, /Read-only file system/);
  assert.match(shown, /wrote\n1024$/);
});

test('a bind mount shows the host folder, read-only when asked', async () => {
  const { mkdtemp, readFile, writeFile, rm } = await import('node:fs/promises');
  // Below /run: the reference may have a root of its own, but shares nothing else with this test.
  const folder = await mkdtemp('/dev/shm/berth-bind-');
  try {
    await writeFile(`${folder}/in`, 'from the host');
    const shown = await dockerOk(
      'run',
      '--rm',
      '-v',
      `${folder}:/m`,
      'busybox',
      'sh',
      '-c',
      'cat /m/in; echo back > /m/out',
    );
    assert.equal(shown, 'from the host');
    assert.equal(await readFile(`${folder}/out`, 'utf8'), 'back\n');
    const { stderr, code } = await docker([
      'run',
      '--rm',
      '-v',
      `${folder}:/m:ro`,
      'busybox',
      'touch',
      '/m/x',
    ]);
    assert.notEqual(code, 0);
    assert.match(stderr, /Read-only file system/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
