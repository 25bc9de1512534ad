import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Executor } from '../host/executor.ts';
import type { Database } from '../metadata/database.ts';
import { NetworkController } from './controller.ts';
import type { NetworkOptions } from './options.ts';
import type { SandboxRequest } from './service.ts';

const program = fileURLToPath(new URL('../../native/build/executor/berth-executor', import.meta.url));
const run = promisify(execFile);

/** Why tests on a host cannot be run here. */
export const skip =
  process.getuid?.() !== 0 ? 'needs root' : !existsSync(program) ? 'needs the native build' : false;

const options: NetworkOptions = {
  bridge: '',
  bip: '',
  fixedCidr: '',
  defaultGateway: '',
  mtu: 1500,
  defaultBindingIp: '0.0.0.0',
  icc: true,
  ipForward: true,
  ipMasq: true,
  dns: [],
  dnsSearch: [],
  dnsOptions: [],
  hostGatewayIps: [],
  addressPools: [],
};

/** What a container that is started asks for. */
export const sandboxRequest = (id: string, more: Partial<SandboxRequest> = {}): SandboxRequest => ({
  containerId: id,
  name: `c-${id}`,
  hostname: id,
  domainname: '',
  networkMode: 'default',
  ...more,
});

/** A namespace of the test's own plays the host: its executor runs in it, `inside` runs a tool in it. */
export class NetworkHost implements AsyncDisposable {
  readonly directory: string;
  readonly executor: Executor;
  readonly #ns: string;

  private constructor(ns: string, directory: string) {
    this.#ns = ns;
    this.directory = directory;
    this.executor = new Executor({
      path: '/usr/sbin/ip',
      args: ['netns', 'exec', ns, program],
      dataRoot: directory,
      execRoot: directory,
    });
  }

  /** @param label  of its own for each test file: they run side by side */
  static async open(label: string): Promise<NetworkHost> {
    const name = `berth-${label}-${process.pid}`;
    await run('ip', ['netns', 'add', name]);
    const host = new NetworkHost(name, await mkdtemp(join(tmpdir(), `berth-${label}-`)));
    await host.inside('ip', 'link', 'set', 'lo', 'up');
    return host;
  }

  /** Runs a tool in the namespace; returns what it prints. */
  async inside(...command: string[]): Promise<string> {
    return (await run('ip', ['netns', 'exec', this.#ns, ...command])).stdout;
  }

  /** A networks service, as a daemon would have on this database. */
  networks(db: Database, more: Partial<NetworkOptions> = {}): NetworkController {
    return new NetworkController({
      db,
      executor: this.executor,
      options: { ...options, ...more },
      instance: this.directory,
      dnsDirectory: join(this.directory, 'dns'),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.executor.close();
    await run('ip', ['netns', 'delete', this.#ns]);
    await rm(this.directory, { recursive: true, force: true });
  }
}
