import type { ImagesDeps } from './deps.ts';

/** One step of how an image was made, newest first. */
export interface HistoryEntry {
  /** The image itself for the newest step, otherwise `<missing>`. */
  id: string;
  /** RFC 3339; undefined when not told. */
  created: string | undefined;
  createdBy: string;
  tags: string[];
  sizeBytes: number;
  comment: string;
}

/** The history in an image's config, with the size of the layer that each step made. @throws not-found */
export function historyOf(
  { store, snapshotter }: Pick<ImagesDeps, 'store' | 'snapshotter'>,
  reference: string,
): HistoryEntry[] {
  const image = store.resolve(reference);
  const chains = store.chainsOf(image);
  let layer = 0;
  const entries = (image.config.history ?? []).map((step): HistoryEntry => {
    const chain = step.empty_layer === true ? undefined : chains[layer++];
    return {
      id: '<missing>',
      created: step.created,
      createdBy: step.created_by ?? '',
      tags: [],
      sizeBytes: chain === undefined ? 0 : (snapshotter.find(chain)?.sizeBytes ?? 0),
      comment: step.comment ?? '',
    };
  });
  const newest = entries.at(-1);
  if (newest) Object.assign(newest, { id: image.id, tags: image.repoTags });
  return entries.reverse();
}
