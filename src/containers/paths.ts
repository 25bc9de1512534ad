import { join } from 'node:path';

/** Where a container's things are. Nothing is made here. */
export class ContainerPaths {
  readonly #dataRoot: string;
  readonly #execRoot: string;

  constructor({ dataRoot, execRoot }: { dataRoot: string; execRoot: string }) {
    this.#dataRoot = dataRoot;
    this.#execRoot = execRoot;
  }

  /** Directory of the shims' sockets. */
  get shims(): string {
    return join(this.#execRoot, 'shims');
  }

  /** The shim's control socket; short, because the path of a socket is at most 107 bytes. */
  socket(id: string): string {
    return join(this.shims, `${id.slice(0, 32)}.sock`);
  }

  /** Directory of all bundles. */
  get bundles(): string {
    return join(this.#execRoot, 'containers');
  }

  /** State of a run: the bundle, and `exit` once it has ended. */
  bundle(id: string): string {
    return join(this.bundles, id);
  }

  exitFile(id: string): string {
    return join(this.bundle(id), 'exit');
  }

  /** Directories of all containers that keep files. */
  get directories(): string {
    return join(this.#dataRoot, 'containers');
  }

  directory(id: string): string {
    return join(this.directories, id);
  }

  hosts(id: string): string {
    return join(this.directory(id), 'hosts');
  }

  hostname(id: string): string {
    return join(this.directory(id), 'hostname');
  }

  resolvConf(id: string): string {
    return join(this.directory(id), 'resolv.conf');
  }

  log(id: string): string {
    return join(this.directory(id), `${id}-json.log`);
  }
}
