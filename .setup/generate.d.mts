/** The source files, relative to openapi/, sorted. */
export function sourceFiles(dir?: string): string[];
/** SHA-256 over names and bytes of the sources, in hexadecimal. */
export function sourceHash(dir?: string): string;
/** The sources as one document with local references only. Throws on a reference that leads nowhere. */
export function bundle(dir?: string): unknown;
