import { readFileSync } from 'node:fs';
import type { ApiDocument } from './document.ts';

const bundleFile = new URL('bundle.json', import.meta.url);

/**
 * The description for routing: bundled, references local, without prose. About 5 ms; the caller keeps it.
 * Prose is two thirds of the document and of no use to a router, so it does not stay in memory.
 */
export function loadDocument(): ApiDocument {
  const document: unknown = JSON.parse(readFileSync(bundleFile, 'utf8'), withoutProse);
  return document as ApiDocument;
}

/** The description as it is shown to people: the text of one JSON document, read anew at each call. */
export function loadDocumentText(): string {
  return readFileSync(bundleFile, 'utf8');
}

/** Drops texts, not the schema fields that happen to be called `description` or `summary` (those are objects). */
function withoutProse(key: string, value: unknown): unknown {
  return (key === 'description' || key === 'summary') && typeof value === 'string' ? undefined : value;
}
