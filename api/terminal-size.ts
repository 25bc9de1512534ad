import { invalidArgument } from '../src/errors.ts';

/** `h` and `w` of a resize, in characters. Throws invalid-argument with dockerd's text. */
export function sizeOf(search: URLSearchParams): { height: number; width: number } {
  return { height: parse('height', search.get('h') ?? ''), width: parse('width', search.get('w') ?? '') };
}

function parse(name: string, text: string): number {
  const refuse = (reason: string): Error =>
    invalidArgument(`invalid resize ${name} ${JSON.stringify(text)}: ${reason}`);
  if (!/^-?\d+$/.test(text)) throw refuse('invalid syntax');
  const value = Number(text);
  if (text.startsWith('-') || value > 0xffff_ffff) throw refuse('value out of range');
  return value;
}
