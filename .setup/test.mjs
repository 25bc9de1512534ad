// npm test: set-up, then every check and suite; a line each at the end, and the totals.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, ensurePackages, node, project, readList } from './machine.mjs';

const results = join(cache, 'results');
mkdirSync(results, { recursive: true });
ensurePackages(readList('packages-test.txt'));

const bin = (name) => join(project, 'node_modules', '.bin', name);
const nodeTest = (tap, files) => [
  node,
  '--disable-warning=ExperimentalWarning',
  '--test',
  '--test-concurrency=2',
  '--test-timeout=120000',
  '--test-reporter=dot',
  '--test-reporter-destination=stdout',
  '--test-reporter=tap',
  `--test-reporter-destination=${tap}`,
  ...files,
];
const files = (pattern) => globSync(pattern, { cwd: project }).sort();
const root = process.getuid() === 0;
const sanitised = join(project, 'native', 'build-sanitised');

/** name, command, and how its own output is counted: 'check' is one test, 'tap' reads `results`/<name>.tap, 'meson' its log. */
const stages = [
  [
    'lint',
    'check',
    () => [bin('oxlint'), '--deny-warnings', 'api', 'src', 'openapi', 'compat-tests', 'bench', '.setup'],
  ],
  ['types', 'check', () => [bin('tsc'), '--noEmit']],
  [
    'unit',
    'tap',
    (tap) =>
      nodeTest(
        tap,
        files('{api,src,openapi}/**/*.test.ts').filter((file) => !file.endsWith('.host.test.ts')),
      ),
  ],
  [
    'native-setup',
    'check',
    () =>
      existsSync(join(sanitised, 'build.ninja'))
        ? ['true']
        : [
            'meson',
            'setup',
            sanitised,
            'native',
            '-Db_sanitize=address,undefined',
            '-Db_lundef=false',
            // Sanitisers make gcc see problems that are none; the ordinary build takes every warning as an error.
            '-Dwerror=false',
          ],
  ],
  ['native-build', 'check', () => ['ninja', '-C', sanitised, '--quiet']],
  [
    'native',
    'meson',
    () => ['meson', 'test', '-C', sanitised, '--no-rebuild', '--print-errorlogs', '--no-suite', 'slow'],
  ],
  ...(root
    ? [
        ['host', 'tap', (tap) => nodeTest(tap, files('{api,src,openapi}/**/*.host.test.ts'))],
        ['compat', 'tap', (tap) => [node, join(project, '.setup', 'compat.mjs'), '--tap', tap]],
      ]
    : []),
];

/** Passed and failed tests of one stage. */
function count(kind, tap, code, output) {
  let passed = 0;
  let failed = 0;
  if (kind === 'tap' && existsSync(tap)) {
    const text = readFileSync(tap, 'utf8');
    passed = Number(/^# pass (\d+)/m.exec(text)?.[1] ?? 0);
    failed =
      Number(/^# fail (\d+)/m.exec(text)?.[1] ?? 0) + Number(/^# cancelled (\d+)/m.exec(text)?.[1] ?? 0);
  } else if (kind === 'meson') {
    passed = Number(/^Ok: +(\d+)/m.exec(output)?.[1] ?? 0);
    failed = ['Fail', 'Unexpected Pass', 'Timeout'].reduce(
      (sum, word) => sum + Number(new RegExp(`^${word}: +(\\d+)`, 'm').exec(output)?.[1] ?? 0),
      0,
    );
  } else if (code === 0) passed = 1;
  // A stage that fails without a failed test (a leak, a crash) counts as one.
  if (code !== 0 && failed === 0) failed = 1;
  return { passed, failed };
}

/** Each test has its own limit; this one is for a process that does not end after its last test. */
const stageLimitMs = 20 * 60_000;

const rows = [];
for (const [name, kind, command] of stages) {
  const tap = join(results, `${name}.tap`);
  const [program, ...args] = command(tap);
  console.log(`\n== ${name}`);
  const began = performance.now();
  const quiet = kind === 'meson';
  const result = spawnSync(program, args, {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', 'inherit'],
    maxBuffer: 1 << 28,
    timeout: stageLimitMs,
    killSignal: 'SIGKILL',
  });
  if (quiet) process.stdout.write(result.stdout ?? '');
  const code = result.status ?? 1;
  rows.push({
    name,
    ...count(kind, tap, code, result.stdout ?? ''),
    seconds: ((performance.now() - began) / 1000).toFixed(1),
  });
  if (kind === 'tap' && code !== 0 && existsSync(tap)) printFailures(readFileSync(tap, 'utf8'));
}

/** The failed tests of a TAP report with their reasons. */
function printFailures(text) {
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (!/^\s*not ok/.test(line) || /subtestsFailed/.test(lines.slice(index, index + 12).join('\n'))) return;
    console.log(lines.slice(index, index + 30).join('\n'));
  });
}

console.log('');
for (const { name, passed, failed, seconds } of rows)
  console.log(
    `${name.padEnd(14)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed  ${seconds} s`,
  );
if (!root) console.log('host and compat suites need root: not run');
const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exit(total('failed') === 0 ? 0 : 1);
