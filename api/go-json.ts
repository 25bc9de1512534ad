/**
 * What Go's JSON decoder says of a text that is not JSON: clients compare these words. `JSON.parse` finds out whether a
 * text is valid; only for one that is not, this scanner looks for the place and the words.
 * Source: asked of Docker Engine 28.5.2, field by field.
 */
export function syntaxErrorOf(source: string): string {
  const scanner = new Scanner(source);
  try {
    scanner.value();
  } catch (error) {
    if (error instanceof Stop) return error.message;
    throw error;
  }
  return 'unexpected content after JSON';
}

/** Where the first JSON value of a text ends: its length, or the whole when it has no end. */
export function valueLength(source: string): number {
  const scanner = new Scanner(source);
  try {
    scanner.value();
    return scanner.position;
  } catch {
    return source.length;
  }
}

/** How deeply values may be nested. */
const maxDepth = 10_000;

/** Whether a text is nested more deeply than Go's decoder allows; JSON.parse would not mind. */
export function isTooDeep(source: string): boolean {
  return source.length > 2 * maxDepth && syntaxErrorOf(source) === 'exceeded max depth';
}

class Stop extends Error {}

class Scanner {
  position = 0;
  readonly #source: string;
  /** The innermost object or list has just been opened. */
  #fresh = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** Walks one value, however deeply nested: the open objects and lists are on a stack of our own. */
  value(): void {
    const open: ('{' | '[')[] = [];
    do {
      const opened = this.#begin();
      if (opened === undefined) continue;
      if (open.push(opened) > maxDepth) throw new Stop('exceeded max depth');
    } while (this.#another(open));
  }

  /** Reads a scalar, or the beginning of an object or list, which is returned. */
  #begin(): '{' | '[' | undefined {
    const first = this.#next();
    if (first === '{' || first === '[') {
      this.#fresh = true;
      return first;
    }
    if (first === '"') this.#string();
    else if (first === 't') this.#literal('true');
    else if (first === 'f') this.#literal('false');
    else if (first === 'n') this.#literal('null');
    else if (first === '-' || isDigit(first)) this.#number(first);
    else throw this.#invalid(first, 'looking for beginning of value');
    this.#fresh = false;
    return undefined;
  }

  /** Moves to the next value inside what is open, closing what ends; false when nothing is open any more. */
  #another(open: ('{' | '[')[]): boolean {
    for (let inside = open.at(-1); inside !== undefined; inside = open.at(-1)) {
      const closing = inside === '{' ? '}' : ']';
      const after = this.#fresh ? this.#peek() : this.#next();
      if (after === closing) {
        if (this.#fresh) this.position++;
        this.#fresh = false;
        open.pop();
        continue;
      }
      if (!this.#fresh && after !== ',')
        throw this.#invalid(
          after ?? '',
          inside === '{' ? 'after object key:value pair' : 'after array element',
        );
      if (inside === '{') this.#key();
      this.#fresh = false;
      return true;
    }
    return false;
  }

  #key(): void {
    const key = this.#next();
    if (key !== '"') throw this.#invalid(key, 'looking for beginning of object key string');
    this.#string();
    const colon = this.#next();
    if (colon !== ':') throw this.#invalid(colon, 'after object key');
  }

  #string(): void {
    for (;;) {
      const char = this.#take();
      if (char === '"') return;
      if (char < ' ') throw this.#invalid(char, 'in string');
      if (char !== '\\') continue;
      const escape = this.#take();
      if ('"\\/bfnrt'.includes(escape)) continue;
      if (escape !== 'u') throw new Stop(`invalid escape sequence \`\\${escape}\` in string`);
      for (let i = 0; i < 4; i++) {
        const digit = this.#take();
        if (!/[0-9a-fA-F]/.test(digit)) throw this.#invalid(digit, 'in \\u hexadecimal character escape');
      }
    }
  }

  #literal(word: string): void {
    for (let i = 1; i < word.length; i++) {
      const char = this.#take();
      if (char !== word[i]) throw this.#invalid(char, `in literal ${word} (expecting '${word[i]}')`);
    }
  }

  #number(first: string): void {
    let digit = first;
    if (digit === '-') {
      digit = this.#take();
      if (!isDigit(digit)) throw this.#invalid(digit, 'in numeric literal');
    }
    if (digit !== '0') this.#digits();
    if (this.#at('.')) {
      this.position++;
      this.#oneDigit('after decimal point in numeric literal');
      this.#digits();
    }
    if (this.#at('e') || this.#at('E')) {
      this.position++;
      if (this.#at('+') || this.#at('-')) this.position++;
      this.#oneDigit('in exponent of numeric literal');
      this.#digits();
    }
  }

  #oneDigit(where: string): void {
    const digit = this.#take();
    if (!isDigit(digit)) throw this.#invalid(digit, where);
  }

  #digits(): void {
    while (isDigit(this.#source[this.position] ?? '')) this.position++;
  }

  #at(char: string): boolean {
    return this.#source[this.position] === char;
  }

  #take(): string {
    const char = this.#source[this.position++];
    if (char === undefined) throw new Stop('unexpected EOF');
    return char;
  }

  #peek(): string | undefined {
    while (' \t\r\n'.includes(this.#source[this.position] ?? '.')) this.position++;
    return this.#source[this.position];
  }

  #next(): string {
    this.#peek();
    return this.#take();
  }

  #invalid(char: string, where: string): Stop {
    return new Stop(`invalid character ${quote(char)} ${where}`);
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9' && char.length === 1;
}

/** A character as Go quotes it in these errors. */
function quote(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
