import { createDaemon } from './daemon.ts';
import { ConfigError, loadConfig } from '../src/config/load.ts';
import { parseFlags, UsageError } from '../src/config/flags.ts';
import { messageOf } from '../src/errors.ts';
import { engineVersion } from '../src/version.ts';

/** The process entry: command line, then the daemon. Exit code 1 for whatever keeps it from starting, as dockerd's. */
async function main(argv: readonly string[]): Promise<void> {
  const flags = parseFlags(argv);
  if (flags.commands.has('help')) return print((await import('../src/config/help.ts')).usage());
  if (flags.commands.has('version'))
    return print(`Docker version ${engineVersion}, build ${process.version}`);
  const config = loadConfig(flags);
  if (flags.commands.has('validate')) return print('configuration OK');
  if (process.getuid?.() !== 0)
    throw new ConfigError(
      'dockerd needs to be started with root privileges: containers need mounts, networks and cgroups',
    );
  await createDaemon(config, () => loadConfig(flags));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// Whoever read our log may go: that must not end the daemon, nor be logged, which would fail again.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UsageError) {
    const { usage } = await import('../src/config/help.ts');
    process.stderr.write(`Status: ${error.message}\nSee 'berthd --help'.\n${usage()}\n, Code: 125\n`);
  } else
    process.stderr.write(
      `${error instanceof ConfigError ? error.message : `failed to start daemon: ${messageOf(error)}`}\n`,
    );
}
