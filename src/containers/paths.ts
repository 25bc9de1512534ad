import { join } from 'node:path';
import type { LogPaths } from './log/config.ts';

/** Where a container's things are. Nothing is made here. */
export class ContainerPaths {
  /** Directory of the shims' sockets. */
  readonly shims: string;
  /** Directory of all bundles. */
  readonly bundles: string;
  /** Directories of all containers that keep files. */
  readonly directories: string;

  constructor({ dataRoot, execRoot }: { dataRoot: string; execRoot: string }) {
    this.shims = join(execRoot, 'shims');
    this.bundles = join(execRoot, 'containers');
    this.directories = join(dataRoot, 'containers');
  }

  // An inspect asks for several of these: plain concatenation is far quicker than join().

  /** The shim's control socket; short, because the path of a socket is at most 107 bytes. */
  socket(id: string): string {
    return `${this.shims}/${id.slice(0, 32)}.sock`;
  }

  /** State of a run: the bundle, and `exit` once it has ended. */
  bundle(id: string): string {
    return `${this.bundles}/${id}`;
  }

  exitFile(id: string): string {
    return `${this.bundle(id)}/exit`;
  }

  directory(id: string): string {
    return `${this.directories}/${id}`;
  }

  hosts(id: string): string {
    return `${this.directory(id)}/hosts`;
  }

  hostname(id: string): string {
    return `${this.directory(id)}/hostname`;
  }

  resolvConf(id: string): string {
    return `${this.directory(id)}/resolv.conf`;
  }

  /** Its own checkpoints, which go with it. */
  checkpoints(id: string): string {
    return `${this.directory(id)}/checkpoints`;
  }

  /** The files of a container's log, by driver: `cache` is what is kept here of a log that goes elsewhere. */
  logs(id: string): LogPaths {
    const directory = this.directory(id);
    return {
      jsonFile: `${directory}/${id}-json.log`,
      local: `${directory}/local.log`,
      cache: `${directory}/container-cached.log`,
    };
  }
}
