import { parseArgs } from 'node:util';
import { cases, type Case } from './cases.ts';
import { EngineClient } from './client.ts';
import { familyOf, pssBytes } from './memory.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    berth: { type: 'string' },
    'berth-pid': { type: 'string', default: '0' },
    reference: { type: 'string' },
    quick: { type: 'boolean', default: false },
    'first-answer-ms': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

interface Figures {
  median: number;
  p99: number;
}

function figures(samples: number[]): Figures {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  return { median: at(0.5), p99: at(0.99) };
}

/** Both engines in turn, round by round, the first to go alternating: the machine's noise falls on both alike. */
async function measure(one: Case, engines: EngineClient[]): Promise<Figures[]> {
  const rounds = values.quick ? Math.max(2, Math.ceil(one.rounds / 10)) : one.rounds;
  const samples: number[][] = engines.map(() => []);
  try {
    for (const engine of engines) await one.prepare?.(engine);
    for (const engine of engines) await one.run(engine, -1);
    for (let round = 0; round < rounds; round++) {
      const order = engines.map((_, index) => (index + round) % engines.length);
      for (const index of order) samples[index]?.push(await one.run(engines[index] as EngineClient, round));
    }
  } finally {
    for (const engine of engines) await one.finish?.(engine);
  }
  return samples.map(figures);
}

interface Row {
  name: string;
  unit: string;
  berth: Figures;
  reference?: Figures;
  ratio?: number;
  bar: number;
  met?: boolean;
}

/** Supervisor memory: idle, and what each of 20 more containers costs. */
async function memory(
  engine: EngineClient,
  shim: (command: string) => boolean,
): Promise<{ idle: number; shim: number }> {
  const before = pssBytes(shim);
  const idle = pssBytes(engine.isDaemon).bytes;
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    const body = {
      Image: 'busybox:latest',
      Cmd: ['sleep', '600'],
      StopSignal: 'SIGKILL',
      HostConfig: { NetworkMode: 'none' },
    };
    const { Id } = await engine.json<{ Id: string }>('POST', '/containers/create', body);
    ids.push(Id);
    await engine.call('POST', `/containers/${Id}/start`);
  }
  const after = pssBytes(shim);
  for (const id of ids) await engine.call('DELETE', `/containers/${id}?force=1`);
  return { idle, shim: (after.bytes - before.bytes) / Math.max(1, after.processes - before.processes) };
}

const path = (host: string): string => host.replace('unix://', '');
const family = familyOf(Number(values['berth-pid']));
const berth = new EngineClient(path(values.berth ?? 'unix:///run/berth/docker.sock'), (_, pid) =>
  family.has(pid),
);
const reference =
  values.reference === undefined
    ? undefined
    : new EngineClient(path(values.reference), (command) => /(^|\/)(dockerd|containerd)( |$)/.test(command));
const engines = reference ? [berth, reference] : [berth];
const rows: Row[] = [];

const idle = await memory(berth, (command) => /berth-shim/.test(command));
const idleReference = reference && (await memory(reference, (command) => /containerd-shim/.test(command)));

for (const one of cases.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
)) {
  const [mine, theirs] = await measure(one, engines);
  if (!mine) continue;
  const row: Row = { name: one.name, unit: one.unit, berth: mine, bar: one.bar };
  if (theirs) {
    row.reference = theirs;
    row.ratio = mine.median / theirs.median;
    row.met = one.higherIsBetter ? row.ratio >= one.bar : row.ratio <= one.bar;
  }
  rows.push(row);
  if (!values.json) print(row);
}

function print({ name, unit, berth: mine, reference: theirs, ratio, bar, met }: Row): void {
  const pair = (one?: Figures): string =>
    (one ? `${one.median.toFixed(2)} (p99 ${one.p99.toFixed(2)})` : '-').padStart(24);
  const verdict =
    ratio === undefined ? '' : `  x${ratio.toFixed(3)}  bar ${bar.toFixed(3)} ${met ? 'met' : 'NOT MET'}`;
  console.log(`${name.padEnd(40)} ${unit.padEnd(5)} ${pair(mine)} ${pair(theirs)}${verdict}`);
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
const memoryRows = {
  idle: [idle.idle, idleReference?.idle],
  'per container': [idle.shim, idleReference?.shim],
} as const;
if (values.json)
  console.log(JSON.stringify({ rows, memory: memoryRows, firstAnswerMs: Number(values['first-answer-ms']) }));
else {
  for (const [name, [mine, theirs]] of Object.entries(memoryRows)) {
    console.log(
      `${`memory, ${name} (Pss)`.padEnd(46)} ${kib(mine).padStart(24)} ${theirs === undefined ? '' : kib(theirs).padStart(24)}`,
    );
  }
  if (values['first-answer-ms'])
    console.log(
      `${'daemon start to first answer'.padEnd(40)} ms    ${values['first-answer-ms'].padStart(24)}   bar 1500`,
    );
}
berth.close();
reference?.close();
