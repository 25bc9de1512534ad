/** An entry of a tar as it stands there, for archives that no library writes. */
export interface RawEntry {
  name: string;
  /** The header's type character; a number is one that is no character. */
  type: string | number;
  content?: Buffer | string;
  linkname?: string;
  mode?: number;
  /** Records of a PAX header before the entry. */
  records?: Record<string, string | Buffer>;
  /** The six bytes of ustar's magic and its two of a version. */
  magic?: string;
  /** Bytes that the header has elsewhere, by where they are. */
  fields?: Record<number, string>;
}

const block = 512;

/** A tar of these entries, with its end. */
export function rawTar(...entries: RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), Buffer.alloc(2 * block)]);
}

function rawEntry(entry: RawEntry): Buffer {
  const content = Buffer.from(entry.content ?? '');
  const records = Object.entries(entry.records ?? {}).map(([key, value]) => record(key, value));
  return Buffer.concat([
    ...(records.length > 0
      ? [rawEntry({ name: 'PaxHeaders/x', type: 'x', content: Buffer.concat(records) })]
      : []),
    header(entry, content.length),
    content,
    Buffer.alloc(-content.length & (block - 1)),
  ]);
}

function header(entry: RawEntry, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const fields: [number, string][] = [
    [0, entry.name],
    [100, octal(entry.mode ?? 0o644, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(size, 11)],
    [136, octal(1_000_000_000, 11)],
    [148, '        '],
    [156, typeof entry.type === 'number' ? String.fromCharCode(entry.type) : entry.type],
    [157, entry.linkname ?? ''],
    [257, entry.magic ?? 'ustar\x0000'],
    ...Object.entries(entry.fields ?? {}).map(([at, text]): [number, string] => [Number(at), text]),
  ];
  for (const [at, text] of fields) bytes.write(text, at, 'latin1');
  bytes.write(
    `${octal(
      bytes.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
    'latin1',
  );
  return bytes;
}

/** A number as a header has it. */
export function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** A PAX record: its length counts its own digits. */
function record(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** The records of PAX headers in a tar, by the name of the entry they are for; one without any has an empty object. */
export function paxRecordsOf(tar: Buffer): Map<string, Record<string, Buffer>> {
  const found = new Map<string, Record<string, Buffer>>();
  let records: Record<string, Buffer> = {};
  for (let at = 0; tar[at];) {
    const head = tar.subarray(at, at + block);
    const text = (from: number, length: number): string =>
      head
        .subarray(from, from + length)
        .toString()
        .replace(/\0.*$/s, '');
    const size = Number(records.size ?? Number.parseInt(text(124, 12) || '0', 8));
    const content = tar.subarray(at + block, at + block + size);
    if (text(156, 1) === 'x') records = parseRecords(content);
    else {
      found.set(records.path?.toString() ?? text(0, 100), records);
      records = {};
    }
    at += block + ((size + block - 1) & -block);
  }
  return found;
}

function parseRecords(content: Buffer): Record<string, Buffer> {
  const records: Record<string, Buffer> = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at);
    const end = at + Number(content.toString('latin1', at, space));
    const equals = content.indexOf('=', space);
    records[content.toString('utf8', space + 1, equals)] = content.subarray(equals + 1, end - 1);
    at = end;
  }
  return records;
}
