import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
const root = mkdtempSync('/tmp/berth-daemon-test-');
const socketPath = `${root}/s.sock`;
const configFile = `${root}/daemon.json`;
const roots = ['--data-root', `${root}/data`, '--exec-root', `${root}/exec`];
// No bridge: other engines of this machine have theirs.
const base = ['--config-file', configFile, ...roots, '-b', 'none'];
const port = await freePort();
let daemon: ChildProcess;
let log = '';

before(async () => {
  makeCertificates();
  writeFileSync(configFile, JSON.stringify({ labels: ['stage=one'] }));
  const tls = [
    '--tlsverify',
    '--tlscacert',
    `${root}/ca.pem`,
    '--tlscert',
    `${root}/cert.pem`,
    '--tlskey',
    `${root}/key.pem`,
  ];
  daemon = spawn(
    process.execPath,
    [entry, ...base, '-H', `unix://${socketPath}`, '-H', `tcp://127.0.0.1:${port}`, ...tls],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  daemon.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  await logged(/berthd is ready: export DOCKER_HOST=unix:/);
});
after(async () => {
  if (daemon.exitCode === null) {
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
  }
  rmSync(root, { recursive: true, force: true });
});

test('it says how to reach it and leaves its process id', () => {
  assert.match(log, new RegExp(`DOCKER_HOST=unix://${socketPath}`));
  assert.equal(readFileSync(`${root}/exec/berth.pid`, 'utf8'), String(daemon.pid));
});

test('a second daemon on the same data is refused, whatever its other roots', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      entry,
      '-b',
      'none',
      '--data-root',
      `${root}/data`,
      '--exec-root',
      `${root}/other`,
      '-H',
      `unix://${root}/other.sock`,
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`process with PID ${daemon.pid} is still running`));
  assert.ok(!existsSync(`${root}/other.sock`));
  assert.ok(!existsSync(`${root}/other/berth.pid`), 'its own pid file is taken back');
});

test('without root it says so at once', () => {
  const nobody = { uid: 65534, gid: 65534, encoding: 'utf8', timeout: 20_000 } as const;
  const { status, stderr } = spawnSync(process.execPath, [entry, '--data-root', '/nowhere'], nobody);
  assert.equal(status, 1);
  assert.match(stderr, /needs to be started with root privileges/);
});

test('help, version, validation and refusals need no daemon', () => {
  const run = (...argv: string[]): [number | null, string] => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...argv], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    return [status, stdout + stderr];
  };
  assert.match(run('--help')[1], /Usage:\tberthd \[OPTIONS\]/);
  assert.match(run('-v')[1], /^Docker version 28\./);
  assert.deepEqual(run('--validate', '--config-file', configFile), [0, 'configuration OK\n']);
  const [status, text] = run('--nope');
  assert.equal(status, 1);
  assert.match(text, /^Status: unknown flag: --nope\nSee 'berthd --help'\.\n.*, Code: 125\n$/s);
});

test('TCP with --tlsverify takes clients with a certificate of the CA only', async () => {
  const ca = readFileSync(`${root}/ca.pem`);
  const own = { cert: readFileSync(`${root}/cert.pem`), key: readFileSync(`${root}/key.pem`) };
  assert.equal(await statusOverTls({ ca, ...own }), 200);
  await assert.rejects(statusOverTls({ ca }));
});

test('SIGHUP takes over new labels and says so in an event', async () => {
  const events = request({ socketPath, path: '/events?filters=%7B%22type%22:%5B%22daemon%22%5D%7D' }).end();
  const [answer] = (await once(events, 'response')) as [NodeJS.ReadableStream];
  writeFileSync(configFile, JSON.stringify({ labels: ['stage=two'] }));
  daemon.kill('SIGHUP');
  const [record] = (await once(answer, 'data')) as [Buffer];
  assert.equal((JSON.parse(record.toString()) as { Action: string }).Action, 'reload');
  events.destroy();
  assert.deepEqual((await get('/info')).Labels, ['stage=two']);
});

test('a configuration that is refused at reload changes nothing', async () => {
  writeFileSync(configFile, JSON.stringify({ nope: 1 }));
  daemon.kill('SIGHUP');
  await logged(/configuration not reloaded/);
  assert.deepEqual((await get('/info')).Labels, ['stage=two']);
});

test('SIGTERM ends it in good order: streams too, socket and process id gone', async () => {
  const events = request({ socketPath, path: '/events' }).end();
  const [answer] = (await once(events, 'response')) as [NodeJS.ReadableStream];
  answer.on('error', () => undefined).resume();
  daemon.kill('SIGTERM');
  const [code] = (await once(daemon, 'exit')) as [number | null];
  assert.equal(code, 0);
  assert.ok(!existsSync(socketPath));
  assert.ok(!existsSync(`${root}/exec/berth.pid`));
  assert.ok(!existsSync(`${root}/data/berth.pid`));
});

test('-H fd:// serves on the sockets systemd passed, and says so when there are none', async () => {
  const passed = createServer().listen(0, '127.0.0.1');
  await once(passed, 'listening');
  const address = passed.address() as { port: number };
  const { fd } = (passed as unknown as { _handle: { fd: number } })._handle;
  const argv = [entry, '-b', 'none', '--data-root', `${root}/fd-data`, '--exec-root', `${root}/fd-exec`];
  const command = ['LISTEN_PID=$$ exec "$0" "$@"', process.execPath, ...argv, '-H', 'fd://'];
  const activated = spawn('sh', ['-c', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', fd],
    env: { ...process.env, LISTEN_FDS: '1' },
  });
  // From here on only the daemon accepts.
  passed.close();
  await once(activated.stderr as NodeJS.ReadableStream, 'data');
  const asked = request({ host: '127.0.0.1', port: address.port, path: '/_ping', agent: false }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  assert.equal(answer.resume().statusCode, 200);
  activated.kill('SIGTERM');
  await once(activated, 'exit');
  const { status, stderr } = spawnSync(process.execPath, [...argv, '-H', 'fd://'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.equal(status, 1);
  assert.match(stderr, /no sockets found via socket activation/);
});

test('a daemon whose log nobody reads any more goes on, and ends when it is told to', async () => {
  const argv = [
    entry,
    '-D',
    '-b',
    'none',
    '--data-root',
    `${root}/log-data`,
    '--exec-root',
    `${root}/log-exec`,
  ];
  const path = `${root}/log.sock`;
  const unread = spawn(process.execPath, [...argv, '-H', `unix://${path}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(unread.stderr as NodeJS.ReadableStream, 'data');
  unread.stderr?.destroy();
  for (let asked = 0; asked < 3; asked++) {
    const [answer] = (await once(
      request({ socketPath: path, path: '/version', agent: false }).end(),
      'response',
    )) as [IncomingMessage];
    assert.equal(answer.resume().statusCode, 200);
    unread.kill('SIGHUP');
  }
  unread.kill('SIGTERM');
  const [code] = (await once(unread, 'exit', { signal: AbortSignal.timeout(20_000) })) as [number | null];
  assert.equal(code, 0);
});

/** Resolves when the daemon has logged something that matches. */
async function logged(expected: RegExp): Promise<void> {
  while (!expected.test(log)) {
    if (daemon.exitCode !== null) throw new Error(`the daemon ended: ${log}`);
    await once(daemon.stderr as NodeJS.ReadableStream, 'data', { signal: AbortSignal.timeout(20_000) });
  }
}

async function get(path: string): Promise<Record<string, unknown>> {
  const [answer] = (await once(request({ socketPath, path }).end(), 'response')) as [NodeJS.ReadableStream];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
}

function statusOverTls(options: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    tlsRequest({ host: '127.0.0.1', port, path: '/_ping', agent: false, ...options }, (answer) =>
      resolve(answer.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => resolve(free));
    });
  });
}

/** A CA and one certificate of it, for both sides. */
function makeCertificates(): void {
  const openssl = (...argv: string[]): void =>
    void execFileSync('openssl', argv, { cwd: root, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-subj', '/CN=ca', '-keyout', 'ca-key.pem', '-out', 'ca.pem');
  openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=berth',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca-key.pem',
    '-keyout',
    'key.pem',
    '-out',
    'cert.pem',
  );
}
