/** Values of MessagePack as fluentd's clients send them; strings keep one byte a character. */
export function decodeMessagePack(bytes: Buffer): unknown[] {
  const values: unknown[] = [];
  const reader = new Reader(bytes);
  while (!reader.done) values.push(reader.value());
  return values;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(): unknown {
    const head = this.#uint(1);
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 15);
    if (head < 0xa0) return this.#array(head & 15);
    if (head < 0xc0) return this.#string(head & 31);
    switch (head) {
      case 0xc0:
        return null;
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(2 ** (head - 0xcc));
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#uint(2 ** (head - 0xd0));
      case 0xcf:
      case 0xd3:
        return this.#uint(4) * 2 ** 32 + this.#uint(4);
      case 0xd7: {
        const type = this.#uint(1);
        return { type, seconds: this.#uint(4), nanoseconds: this.#uint(4) };
      }
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#uint(2 ** (head - 0xd9)));
      case 0xde:
        return this.#map(this.#uint(2));
      default:
        throw new Error(`MessagePack form ${head.toString(16)} at ${this.#at}`);
    }
  }

  #uint(length: number): number {
    const value = this.#bytes.readUIntBE(this.#at, length);
    this.#at += length;
    return value;
  }

  #string(length: number): string {
    this.#at += length;
    return this.#bytes.toString('latin1', this.#at - length, this.#at);
  }

  #array(length: number): unknown[] {
    return Array.from({ length }, () => this.value());
  }

  #map(length: number): Record<string, unknown> {
    return Object.fromEntries(Array.from({ length }, () => [this.value(), this.value()]));
  }
}
