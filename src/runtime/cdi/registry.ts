import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { logger } from '../../log.ts';
import { parseCdiSpec, type CdiSpec, type ContainerEdits } from './spec-file.ts';

const log = logger('cdi');

interface Found {
  spec: CdiSpec;
  edits: ContainerEdits;
  /** Position of its directory: a later one wins. */
  priority: number;
  /** Two files of one directory say different things of it: nobody can tell which is meant. */
  ambiguous: boolean;
}

/** The devices that the machine's specifications describe, as they are now. */
export class CdiRegistry {
  readonly #devices = new Map<string, Found>();

  /**
   * Reads every `.json` and `.yaml` of the directories; what cannot be read or understood is left out, and said in the log.
   * @param directories  in order of precedence, the last one wins
   */
  static async read(directories: readonly string[]): Promise<CdiRegistry> {
    const registry = new CdiRegistry();
    for (const [priority, directory] of directories.entries())
      for (const path of await specFiles(directory)) {
        try {
          registry.#add(parseCdiSpec(await readFile(path, 'utf8')), priority);
        } catch (error) {
          log.warn('CDI specification is not used', { path, error: messageOf(error) });
        }
      }
    return registry;
  }

  #add(spec: CdiSpec, priority: number): void {
    for (const { name, containerEdits: edits } of spec.devices) {
      const id = `${spec.kind}=${name}`;
      const other = this.#devices.get(id);
      const ambiguous = other?.priority === priority;
      this.#devices.set(id, { spec, edits, priority, ambiguous });
    }
  }

  /** The names of a kind's devices, sorted. */
  namesOf(kind: string): string[] {
    return [...this.#devices]
      .filter(([, { spec, ambiguous }]) => spec.kind === kind && !ambiguous)
      .map(([id]) => id.slice(kind.length + 1))
      .sort();
  }

  /**
   * What these devices change, each specification's own edits once, before those of its devices.
   * @returns the edits, or the ids that no specification describes
   */
  resolve(ids: readonly string[]): { edits: ContainerEdits[] } | { unresolvable: string[] } {
    const found = ids.map((id) => this.#devices.get(id));
    const unresolvable = ids.filter((_, index) => !found[index] || found[index].ambiguous);
    if (unresolvable.length > 0) return { unresolvable };
    const seen = new Set<CdiSpec>();
    const edits: ContainerEdits[] = [];
    for (const { spec, edits: own } of found as Found[]) {
      if (!seen.has(spec)) edits.push(spec.containerEdits);
      seen.add(spec);
      edits.push(own);
    }
    return { edits };
  }
}

async function specFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => /\.(json|ya?ml)$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}
