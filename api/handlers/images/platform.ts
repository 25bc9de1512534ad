import { invalidArgument, notFound } from '../../../src/errors.ts';
import type { Image } from '../../../src/images/service.ts';
import type { Platform } from '../../../src/oci/descriptor.ts';
import { formatPlatform, platformFits } from '../../../src/oci/platform.ts';
import { syntaxErrorOf } from '../../go-json.ts';

/** The `platform` of inspect, history, save and load: a JSON object. @throws invalid-argument in dockerd's words */
export function platformQuery(text: string | undefined): Platform | undefined {
  if (text === undefined || text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidArgument(`failed to parse platform: ${syntaxErrorOf(text)}`, error);
  }
  const { os, architecture, variant } = (value ?? {}) as Record<string, unknown>;
  if (typeof os !== 'string' || typeof architecture !== 'string' || os === '' || architecture === '')
    throw invalidArgument('both OS and Architecture must be provided');
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) };
}

/** @throws not-found in dockerd's words when the image is for another platform */
export function requirePlatform(image: Image, reference: string, wanted: Platform | undefined): void {
  if (!wanted) return;
  const { os, architecture, variant } = image;
  const has: Platform = { os, architecture, ...(variant === '' ? {} : { variant }) };
  if (platformFits(has, wanted)) return;
  const name = image.repoTags.includes(`${reference}:latest`) ? `${reference}:latest` : reference;
  throw notFound(
    `image with reference ${name} was found but its platform (${formatPlatform(has)}) does not match the specified platform (${formatPlatform(wanted)})`,
  );
}
