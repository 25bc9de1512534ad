import type { Container } from '../container.ts';

/** The options of a container's log, without those every driver has. */
export type LogOptions = Readonly<Record<string, string>>;

/** What is known of a container when its log begins. */
export type LoggedContainer = Pick<Container, 'id' | 'name' | 'config' | 'hostConfig' | 'record'>;

/** Where a driver's lines go, as the forwarder is told: `native/forward/README.md`. */
export type ForwardConfig = { driver: string } & Readonly<Record<string, unknown>>;

/** A driver that sends the log to a server. */
export interface ForwardingDriver {
  /** Looks at the options at create. Throws errors in the reference's words. */
  verify(options: LogOptions): void;
  /** What the forwarder of a start is told. Throws errors in the reference's words. */
  configure(options: LogOptions, container: LoggedContainer): ForwardConfig;
}

/** Options that choose what is said of the container, which all of these drivers have. */
export const attributeOptions: readonly string[] = ['labels', 'labels-regex', 'env', 'env-regex', 'tag'];

/** @throws for a name that is not among `known` */
export function verifyNames(options: LogOptions, known: ReadonlySet<string>, driver: string): void {
  for (const name of Object.keys(options))
    if (!known.has(name)) throw new Error(`unknown log opt '${name}' for ${driver}`);
}
