import { internal } from '../../errors.ts';
import type { DeviceRequest } from '../../runtime/config.ts';
import { resolveEdits, type ResolvedEdits } from '../../runtime/cdi/inject.ts';
import { CdiRegistry } from '../../runtime/cdi/registry.ts';

const gpuKind = 'nvidia.com/gpu';

/**
 * What the requested devices change in the spec. Devices are named by the specifications in `directories` (driver `cdi`); GPUs of
 * NVIDIA, asked for in their own form, are found there too. Undefined when nothing is requested.
 * @throws internal with the reference's texts for what no specification describes
 */
export async function requestedDevices(
  requests: readonly DeviceRequest[] | null,
  directories: readonly string[],
): Promise<ResolvedEdits | undefined> {
  if (!requests?.length) return undefined;
  const registry = await CdiRegistry.read(directories);
  const ids = requests.flatMap((request) =>
    request.Driver === 'cdi' ? namedIds(request) : gpuIds(request, registry),
  );
  const resolved = registry.resolve(ids);
  if ('unresolvable' in resolved)
    throw internal(
      `CDI device injection failed: unresolvable CDI devices ${resolved.unresolvable.join(', ')}`,
    );
  return resolveEdits(resolved.edits);
}

function namedIds({ Count, DeviceIDs, Options }: DeviceRequest): string[] {
  if (Count) throw internal('unexpected count in CDI device request');
  if (Options && Object.keys(Options).length > 0) throw internal('unexpected options in CDI device request');
  return DeviceIDs ?? [];
}

/** `--gpus`: a number of them, all (-1), or these. */
function gpuIds(request: DeviceRequest, registry: CdiRegistry): string[] {
  const { Driver = '', Count = 0, DeviceIDs, Capabilities } = request;
  const names = registry.namesOf(gpuKind);
  const gpu = Capabilities?.some((all) => all.includes('gpu')) ?? false;
  if (!gpu || !['', 'nvidia'].includes(Driver) || names.length === 0)
    throw internal(`could not select device driver "${Driver}" with capabilities: ${goList(Capabilities)}`);
  if (DeviceIDs?.length) return DeviceIDs.map((id) => `${gpuKind}=${id}`);
  const single = names.filter((name) => name !== 'all');
  if (Count < 0) return (names.includes('all') ? ['all'] : single).map((name) => `${gpuKind}=${name}`);
  // A GPU may be there under its number and under its UUID.
  const numbered = single.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
  const chosen = (numbered.length > 0 ? numbered : single).slice(0, Count);
  if (chosen.length < Count) throw internal(`${Count} GPUs were requested, there are ${chosen.length}`);
  return chosen.map((name) => `${gpuKind}=${name}`);
}

/** How Go prints a list of lists. */
function goList(lists: readonly (readonly string[])[] | null | undefined): string {
  return `[${(lists ?? []).map((words) => `[${words.join(' ')}]`).join(' ')}]`;
}
