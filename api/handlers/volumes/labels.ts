import type { Volume } from '../../../src/volumes/service.ts';

/** The labels a volume is known by; one without a name of its own has a further one. */
export function labelsOf({ labels, anonymous }: Volume): Readonly<Record<string, string>> {
  return { ...labels, ...(anonymous && { 'com.docker.volume.anonymous': '' }) };
}

/** Whether there is the label `key`, or `key=value`. */
export function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const at = wanted.indexOf('=');
  return at < 0 ? Object.hasOwn(labels, wanted) : labels[wanted.slice(0, at)] === wanted.slice(at + 1);
}
