// npm run bench: a Berth of its own and, when there is one, the reference engine, measured in one run.
//   --reference unix://PATH   the reference engine's socket (or BERTH_REFERENCE)
//   --quick                   a tenth of the rounds
//   WORD ...                  only cases whose name has one of these
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clients, ensureClients } from './clients.mjs';
import { startDaemon } from './daemon.mjs';
import { ensureImages, images } from './images.mjs';
import { ensurePackages, node, project, readList } from './machine.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: 'string', default: process.env.BERTH_REFERENCE },
    quick: { type: 'boolean', default: false },
  },
});

ensurePackages(readList('packages-test.txt'));
ensureClients();
await ensureImages(['busybox']);
const daemon = await startDaemon();
try {
  const hosts = [daemon.host, ...(values.reference ? [values.reference] : [])];
  for (const host of hosts) {
    spawnSync(join(clients, 'docker'), ['-H', host, 'load', '-q', '-i', join(images, 'busybox.tar')], {
      stdio: 'inherit',
    });
  }
  const args = [
    '--berth',
    daemon.host,
    '--berth-pid',
    String(daemon.pid),
    '--first-answer-ms',
    daemon.firstAnswerMs.toFixed(0),
  ];
  if (values.reference) args.push('--reference', values.reference);
  if (values.quick) args.push('--quick');
  const { status } = spawnSync(
    node,
    ['--disable-warning=ExperimentalWarning', join(project, 'bench', 'main.ts'), ...args, ...positionals],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
} finally {
  await daemon.stop();
}
