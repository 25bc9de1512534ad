import { invalidArgument, notFound } from '../../errors.ts';
import type { Image, ImageResolver } from '../../images/service.ts';

/**
 * The image of a create request, or undefined when none was named.
 * @throws as ImageResolver.resolve; not-found when the image is for another platform than asked
 */
export function resolveImage(
  images: ImageResolver,
  reference: string,
  platform: string | undefined,
): Image | undefined {
  const wanted = platform ? parsePlatform(platform) : undefined;
  if (reference === '') return undefined;
  const image = images.resolve(reference);
  if (wanted && !matches(image, wanted)) {
    const own = `${image.os}/${image.architecture}${image.variant ? `/${image.variant}` : ''}`;
    throw notFound(
      `image with reference ${reference} was found but its platform (${own}) does not match the specified platform (${platform})`,
    );
  }
  return image;
}

interface Platform {
  os: string;
  architecture: string | undefined;
  variant: string | undefined;
}

const component = /^[A-Za-z0-9_-]+$/;
const osComponent = '^([A-Za-z0-9_-]+)(?:\\\\(([A-Za-z0-9_.%-]*)((?:\\\\+[A-Za-z0-9_.%-]+)*)\\\\))?$';
const systems = new Set([
  'linux',
  'windows',
  'darwin',
  'freebsd',
  'netbsd',
  'openbsd',
  'solaris',
  'plan9',
  'aix',
]);

/** `os`, `arch`, `os/arch`, `os/arch/variant`. */
function parsePlatform(text: string): Platform {
  const [first = '', second, third] = text.split('/');
  if (!component.test(first))
    throw invalidArgument(
      `"${first}" is an invalid OS component of "${text}": OSAndVersion specifier component must match "${osComponent}": invalid argument`,
    );
  for (const part of [second, third])
    if (part !== undefined && !component.test(part))
      throw invalidArgument(
        `"${part}" is an invalid component of "${text}": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument`,
      );
  if (second === undefined && !systems.has(first.toLowerCase()))
    return { os: 'linux', architecture: architectureOf(first), variant: undefined };
  return { os: first.toLowerCase(), architecture: second && architectureOf(second), variant: third };
}

const aliases: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  i386: '386',
};

function architectureOf(name: string): string {
  return aliases[name.toLowerCase()] ?? name.toLowerCase();
}

function matches(image: Image, { os, architecture, variant }: Platform): boolean {
  return (
    image.os === os &&
    (architecture === undefined || image.architecture === architecture) &&
    (variant === undefined || image.variant === '' || image.variant === variant)
  );
}
