// npm run compat: the black-box tests, on a Berth of their own or on any other engine.
//   --engine berth|reference     which (default berth)
//   --socket unix://PATH         the reference engine's socket (or BERTH_REFERENCE)
//   --netns NAME                 the network namespace in which the reference publishes its ports (or BERTH_REFERENCE_NETNS)
//   --flag=FLAG                  one more flag for the Berth that is started, e.g. --flag=--default-runtime --flag=crun
//   --timeout MS                  most that one test may take (default 60000); more makes its waits longer, too
//   FILE ...                     only these test files
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clients, ensureClients } from './clients.mjs';
import { startDaemon } from './daemon.mjs';
import { ensureImages, images } from './images.mjs';
import { leaked, snapshot } from './leaks.mjs';
import { cache, ensurePackages, fail, node, project, readList } from './machine.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'berth' },
    socket: { type: 'string', default: process.env.BERTH_REFERENCE },
    netns: { type: 'string', default: process.env.BERTH_REFERENCE_NETNS },
    tap: { type: 'string' },
    timeout: { type: 'string', default: '60000' },
    flag: { type: 'string', multiple: true, default: [] },
  },
});

/** Runs the test files against the engine at `host`; returns the runner's exit code. */
function runTests(host, engine, wrapper = []) {
  const files =
    positionals.length > 0 ? positionals : globSync('compat-tests/**/*.test.ts', { cwd: project }).sort();
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (values.tap) reporters.push('--test-reporter=tap', `--test-reporter-destination=${values.tap}`);
  const command = [
    ...wrapper,
    node,
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=2',
    `--test-timeout=${values.timeout}`,
    ...reporters,
    ...files,
  ];
  const env = {
    ...process.env,
    DOCKER_HOST: host,
    DOCKER_CONFIG: clients,
    BERTH_ENGINE: engine,
    BERTH_IMAGES: images,
    BERTH_PATIENCE: String(Math.max(1, Number(values.timeout) / 60_000)),
    PATH: `${clients}:${process.env.PATH}`,
  };
  return (
    spawnSync(command[0], command.slice(1), { cwd: project, env, stdio: ['ignore', 'inherit', 'inherit'] })
      .status ?? 1
  );
}

/** Loads the test images into the engine at `host`. */
function seed(host) {
  for (const name of ['busybox', 'debian']) {
    const result = spawnSync(
      join(clients, 'docker'),
      ['-H', host, 'load', '-q', '-i', join(images, `${name}.tar`)],
      { encoding: 'utf8' },
    );
    if (result.status !== 0) fail(`cannot load ${name}: ${result.stderr}`);
  }
}

/** Every OCI runtime of this machine, besides the built-in one; those named by --flag stay as they are. */
function runtimeFlags() {
  return [
    ['runc', '/usr/sbin/runc'],
    ['crun', '/usr/bin/crun'],
    ['berth-runtime', join(project, 'native', 'build', 'runtime', 'berth-runtime')],
  ]
    .filter(([name, path]) => existsSync(path) && !values.flag.some((flag) => flag.startsWith(`${name}=`)))
    .flatMap(([name, path]) => ['--add-runtime', `${name}=${path}`]);
}

/** Checkpoints are tested where they can be made. */
function experimentalFlags() {
  return spawnSync('criu', ['check']).status === 0 ? ['--experimental'] : [];
}

/** A suite on a daemon started for it, and the leak check after it. */
async function onBerth() {
  const before = snapshot();
  const daemon = await startDaemon({ flags: [...runtimeFlags(), ...experimentalFlags(), ...values.flag] });
  let code = 1;
  try {
    seed(daemon.host);
    code = runTests(daemon.host, 'berth');
    if (code !== 0 && process.env.CI) console.log(daemon.log().split('\n').slice(-60).join('\n'));
  } finally {
    await daemon.stop();
  }
  const left = leaked(before, snapshot());
  if (left.length > 0) {
    console.error(`leak check: ${left.length} left behind\n  ${left.join('\n  ')}`);
    return 1;
  }
  console.log('leak check: nothing left behind');
  return code;
}

mkdirSync(cache, { recursive: true });
ensurePackages(readList('packages-test.txt'));
ensureClients();
await ensureImages();
if (values.engine === 'berth') process.exit(await onBerth());
if (!values.socket) fail('name the reference engine: --socket unix://PATH (or BERTH_REFERENCE)');
seed(values.socket);
process.exit(runTests(values.socket, 'reference', values.netns ? ['ip', 'netns', 'exec', values.netns] : []));
