import { internal, invalidArgument, notFound } from '../errors.ts';
import { checkEndpoint } from '../networks/endpoint-config.ts';
import type { EndpointRequest } from '../networks/service.ts';
import type { Container } from './container.ts';
import type { ContainerDeps } from './deps.ts';
import { publishNetworkEvent } from './events.ts';
import { withContainerLock } from './lifecycle/lock.ts';
import { sandboxRequest } from './network-request.ts';
import { editNameFile } from './name-file.ts';
import type { ContainerPaths } from './paths.ts';
import type { ContainerStore } from './store.ts';

const privateMode =
  'container cannot be connected to multiple networks with one of the networks in private (none) mode';

/** Which networks a container is on: `docker network connect` and `disconnect`, running or not. */
export class NetworkMembership {
  readonly #deps: Pick<ContainerDeps, 'events' | 'networks'>;
  readonly #store: ContainerStore;
  readonly #paths: ContainerPaths;

  constructor(
    deps: Pick<ContainerDeps, 'events' | 'networks'>,
    store: ContainerStore,
    paths: ContainerPaths,
  ) {
    this.#deps = deps;
    this.#store = store;
    this.#paths = paths;
  }

  /**
   * Puts a container on a network. Its MAC address is the engine's choice: one that is asked for is checked, and then passed over, as
   * the reference does, now and at the next start.
   * @throws not-found for either; invalid-argument, permission-denied, internal with the reference's texts
   */
  async connect(network: string, nameOrId: string, given: EndpointRequest): Promise<void> {
    const container = this.#container(nameOrId);
    const { Name, Id } = this.#deps.networks.get(network);
    await withContainerLock(container.id, async () => {
      this.#store.requirePresent(container, nameOrId);
      const { endpoints } = container.record;
      const isOn = Object.hasOwn(endpoints, Name);
      if (isOn && !container.running) return;
      if (!isOn) refuseCombination(container, Name);
      checkEndpoint(this.#deps.networks.target(Id), given);
      const endpoint = { ...given, MacAddress: '' };
      const request = sandboxRequest(container);
      const asked = { ...request, endpoints: { ...endpoints, [Name]: endpoint } };
      const names = this.#deps.networks.dnsNames(asked, Id);
      if (container.running) await this.#plug(container, asked, Id);
      this.#store.change(container, {
        endpoints: { ...endpoints, [Name]: { ...endpoint, ...(names ? { DNSNames: names } : {}) } },
      });
      publishNetworkEvent(this.#deps, container, 'connect', Id);
    });
  }

  /**
   * Takes a container off a network.
   * @param force  an unknown container counts as an endpoint that is not there
   * @throws as `connect`
   */
  async disconnect(network: string, nameOrId: string, { force }: { force: boolean }): Promise<void> {
    const container = this.#container(nameOrId, force);
    const { Name, Id } = this.#deps.networks.get(network);
    await withContainerLock(container.id, async () => {
      this.#store.requirePresent(container, nameOrId);
      const { [Name]: _, ...endpoints } = container.record.endpoints;
      if (!Object.hasOwn(container.record.endpoints, Name))
        throw internal(
          `container ${container.id} is not connected to ${container.running ? '' : 'the '}network ${Name}`,
        );
      if (container.running && Name === 'host')
        throw invalidArgument(
          'cannot disconnect container from host network - container was created in host network mode',
        );
      if (container.running) await this.#unplug(container, Id);
      this.#store.change(container, { endpoints });
      publishNetworkEvent(this.#deps, container, 'disconnect', Id);
    });
  }

  /**
   * Makes containers that run, and what is known of them, agree after a crash: a connect that was not recorded is taken back, a
   * disconnect that was not is. After the networks have recovered.
   */
  async settle(): Promise<void> {
    await this.#deps.networks.settle((id) => {
      const container = this.#store.find(id);
      return container && { request: sandboxRequest(container), socket: this.#paths.socket(id) };
    });
    for (const container of this.#store.all()) {
      const { id, running, record } = container;
      const networks = running ? this.#deps.networks.networksOf(id) : undefined;
      if (!networks) continue;
      const entries = Object.entries(record.endpoints);
      const left = entries.filter(([network]) =>
        networks.includes(this.#deps.networks.target(network).id ?? ''),
      );
      if (left.length < entries.length)
        this.#store.change(container, { endpoints: Object.fromEntries(left) });
    }
  }

  #container(nameOrId: string, force = false): Container {
    if (nameOrId === '') throw invalidArgument('invalid name or ID supplied: ""');
    const container = this.#store.lookUp(nameOrId);
    if (container) return container;
    throw notFound(force ? `endpoint ${nameOrId} not found` : `No such container: ${nameOrId}`);
  }

  async #plug(
    container: Container,
    request: ReturnType<typeof sandboxRequest>,
    network: string,
  ): Promise<void> {
    const { id } = container;
    const joined = await this.#deps.networks.connect(request, network, this.#paths.socket(id));
    await editNameFile(id, this.#paths.hosts(id), (text) => text + joined.hostsLines);
    const { resolvConf } = joined;
    if (resolvConf)
      await editNameFile(id, this.#paths.resolvConf(id), (text) =>
        text === resolvConf.before ? resolvConf.after : text,
      );
  }

  async #unplug(container: Container, network: string): Promise<void> {
    const { id } = container;
    const request = sandboxRequest(container);
    const { addresses } = await this.#deps.networks.disconnect(request, network, this.#paths.socket(id));
    if (addresses.length === 0) return;
    await editNameFile(id, this.#paths.hosts(id), (text) =>
      text
        .split('\n')
        .filter((line) => !addresses.some((address) => line.startsWith(`${address}\t`)))
        .join('\n'),
    );
  }
}

/** Networks that no other goes with. */
function refuseCombination({ hostConfig, record }: Container, network: string): void {
  const { NetworkMode } = hostConfig;
  if (NetworkMode.startsWith('container:') || NetworkMode === 'host')
    throw invalidArgument(
      'container sharing network namespace with another container or host cannot be connected to any other network',
    );
  if (network === 'host')
    throw invalidArgument(
      'cannot connect container to host network - container must be created in host network mode',
    );
  const others = Object.keys(record.endpoints);
  if (others.includes('none') || (network === 'none' && others.length > 0))
    throw invalidArgument(privateMode);
}
