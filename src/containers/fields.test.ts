import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

interface Schema {
  properties?: Record<string, unknown>;
  allOf?: Schema[];
}

/** The schema's own fields; those of schemas it refers to have a table of their own. */
function fieldsOf(file: string, name: string): string[] {
  const text = readFileSync(new URL(`openapi/schemas/${file}`, root), 'utf8');
  const { properties, allOf = [] } = (parse(text) as Record<string, Schema>)[name] ?? {};
  return [properties, ...allOf.map((part) => part.properties)].flatMap((part) => Object.keys(part ?? {}));
}

/** The rows of the table under a heading, cell by cell. */
function rowsOf(heading: string): string[][] {
  const section = readme.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1));
}

const words = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word as string);

for (const [name, file] of [
  ['ContainerConfig', 'container-config.yaml'],
  ['HostConfig', 'host-config.yaml'],
  ['Resources', 'host-config.yaml'],
] as const)
  test(`the README says of every field of ${name}, and of no other, where it takes effect`, () => {
    const rows = rowsOf(name);
    assert.deepEqual(rows.flatMap(([fields]) => words(fields)).sort(), fieldsOf(file, name).sort());
    for (const [fields, , files] of rows) {
      assert.ok(words(files).length > 0, fields);
      for (const path of words(files)) assert.ok(existsSync(new URL(path, root)), path);
    }
  });
