import { EngineError, conflict, internal, messageOf } from '../../errors.ts';
import { logger } from '../../log.ts';
import type { HostConfig } from '../../runtime/config.ts';
import { cgroupOf } from '../cgroup.ts';
import type { Container } from '../container.ts';
import { verifyRestartPolicy } from '../create/verify-host.ts';
import { verifyLimits } from '../create/verify-resources.ts';
import type { ContainerDeps } from '../deps.ts';
import { publishContainerEvent } from '../events.ts';
import { resolveDevices } from '../lifecycle/devices.ts';
import { withContainerLock } from '../lifecycle/lock.ts';
import type { ContainerPaths } from '../paths.ts';
import type { ContainerStore } from '../store.ts';
import { mergeChanges, type Changes } from './merge.ts';
import { changedLimits } from './resources.ts';

const log = logger('containers');

/** Changes limits and restart policies of containers, whether they run or not. */
export class ContainerUpdater {
  readonly #deps: ContainerDeps;
  readonly #store: ContainerStore;
  readonly #paths: ContainerPaths;

  constructor(deps: ContainerDeps, store: ContainerStore, paths: ContainerPaths) {
    this.#deps = deps;
    this.#store = store;
    this.#paths = paths;
  }

  /**
   * Sets what is named in `changes`. Of a container that runs the kernel is told first: what it refuses changes nothing.
   * @returns warnings for limits this kernel cannot set, which are left out
   * @throws invalid-argument, not-found, conflict, internal (the kernel's words) with the reference's texts
   */
  async update(nameOrId: string, changes: Changes): Promise<string[]> {
    const policy = changes.RestartPolicy;
    if (policy?.Name) verifyRestartPolicy(policy.Name, policy.MaximumRetryCount ?? 0);
    const warnings = verifyLimits(changes as Parameters<typeof verifyLimits>[0], this.#deps.machine, {
      update: true,
    });
    const container = this.#store.get(nameOrId);
    try {
      await withContainerLock(container.id, async () => {
        this.#store.requirePresent(container, nameOrId);
        await this.#change(container, changes);
      });
    } catch (error) {
      const kind = error instanceof EngineError ? error.kind : 'internal';
      throw new EngineError(kind, `Cannot update container ${container.id}: ${messageOf(error)}`, {
        cause: error,
      });
    }
    publishContainerEvent(this.#deps.events, container, 'update');
    return warnings;
  }

  async #change(container: Container, changes: Changes): Promise<void> {
    const { status } = container.state;
    if (status === 'removing' || status === 'dead')
      throw conflict('container is marked for removal and cannot be "update"');
    const before = container.hostConfig;
    const merged = mergeChanges(before, changes);
    const undo = container.running ? await this.#apply(container, merged, changes) : undefined;
    try {
      this.#store.change(container, { hostConfig: merged });
    } catch (error) {
      await undo?.();
      throw error;
    }
  }

  /** Tells the kernel. Returns what takes it back as far as the old settings say. */
  async #apply(
    container: Container,
    merged: HostConfig,
    changes: Changes,
  ): Promise<(() => Promise<void>) | undefined> {
    const old = container.hostConfig;
    const lists = [
      changes.BlkioWeightDevice,
      changes.BlkioDeviceReadBps,
      changes.BlkioDeviceWriteBps,
      changes.BlkioDeviceReadIOps,
      changes.BlkioDeviceWriteIOps,
    ];
    const named = lists.some((list) => list != null);
    // Devices are looked up where the update names some: those of the container itself stay as they are.
    const numbers = (config: HostConfig): ReturnType<typeof resolveDevices> =>
      resolveDevices(named ? throttlesOf(config) : { ...throttlesOf(config), ...noThrottles });
    const [devices, before] = await Promise.all([numbers(merged), numbers(old)]);
    const limits = changedLimits({ changes, merged, devices, before });
    if (!limits) return undefined;
    await this.#request(container, limits).catch((error: unknown) => {
      throw internal(`runc did not terminate successfully: exit status 1: ${messageOf(error)}\n`, error);
    });
    return async () => {
      const again = changedLimits({ changes: old, merged: old, devices: before, before: devices });
      await this.#request(container, again ?? {}).catch((error: unknown) => {
        log.warn('limits could not be taken back', { container: container.id, error: messageOf(error) });
      });
    };
  }

  async #request({ id, hostConfig }: Container, resources: object): Promise<void> {
    const { settings, executor } = this.#deps;
    const external = settings.runtimes.get(hostConfig.Runtime) != null;
    await executor.request(
      'container.update',
      {
        cgroup: cgroupOf(id, hostConfig.CgroupParent, settings.cgroupParent),
        resources,
        ...(external && { socket: this.#paths.socket(id) }),
      },
      { deadlineMs: updateDeadlineMs },
    );
  }
}

/** Shrinking a memory limit waits for the kernel to free what is above it. */
const updateDeadlineMs = 60_000;

const noThrottles = {
  BlkioWeightDevice: null,
  BlkioDeviceReadBps: null,
  BlkioDeviceWriteBps: null,
  BlkioDeviceReadIOps: null,
  BlkioDeviceWriteIOps: null,
};

/** The config without devices of the container's own, which have nothing to do with limits. */
function throttlesOf(config: HostConfig): HostConfig {
  return { ...config, Privileged: false, Devices: null, DeviceCgroupRules: null, DeviceRequests: null };
}
