// npm run generate: makes openapi/bundle.json and openapi/generated.ts out of openapi/**/*.yaml.
//
// bundle.json is the description in one file: every reference into another file has become a local one
// (#/components/schemas/Name, #/components/responses/Name), paths and schemas in the order of the sources.
// generated.ts are the TypeScript types of it. Both carry the hash of the sources, so that a test can tell without a
// network or a compiler whether they are current.
//
// openapi-typescript 7 needs the compiler API of TypeScript 5, which TypeScript 7 does not have; so it is fetched
// through npm exec and is no dependency of the project.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const PACKAGES = ['openapi-typescript@7.13.0', 'typescript@5.9.3'];
const openapiDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../openapi');

/** The source files, relative to openapi/, sorted: engine.yaml, responses.yaml, paths/*.yaml, schemas/*.yaml. */
export function sourceFiles(dir = openapiDir) {
  return readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
}

/** SHA-256 over names and bytes of the sources, in hexadecimal. */
export function sourceHash(dir = openapiDir) {
  const hash = createHash('sha256');
  for (const name of sourceFiles(dir)) {
    hash.update(`${name}\n`);
    hash.update(readFileSync(path.join(dir, name)));
  }
  return hash.digest('hex');
}

/** The sources as one document with local references only. Throws on a reference that leads nowhere. */
export function bundle(dir = openapiDir) {
  const documents = new Map(
    sourceFiles(dir).map((name) => [name, parse(readFileSync(path.join(dir, name), 'utf8'))]),
  );
  const component = (name, fragment) => {
    const kind = name === 'responses.yaml' ? 'responses' : 'schemas';
    const key = fragment.slice(1);
    if (!(key in (documents.get(name) ?? {}))) throw new Error(`${name}#${fragment} leads nowhere`);
    return `#/components/${kind}/${key}`;
  };
  const localize = (node, file) => {
    if (Array.isArray(node)) return node.map((item) => localize(item, file));
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (key !== '$ref') return [key, localize(value, file)];
        const [target, fragment] = value.split('#');
        return [key, component(target ? path.posix.join(path.posix.dirname(file), target) : file, fragment)];
      }),
    );
  };
  const pathItem = (reference) => {
    const [file, fragment] = reference.split('#');
    const key = fragment.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
    const item = documents.get(file)?.[key];
    if (!item) throw new Error(`engine.yaml: ${reference} leads nowhere`);
    return localize(item, file);
  };
  const collect = (names) => {
    const all = {};
    for (const name of names) {
      for (const [key, value] of Object.entries(documents.get(name))) {
        if (key in all) throw new Error(`${name}: ${key} is described twice`);
        all[key] = localize(value, name);
      }
    }
    return all;
  };
  const { paths, ...root } = documents.get('engine.yaml');
  return {
    ...root,
    'x-source-hash': sourceHash(dir),
    paths: Object.fromEntries(Object.entries(paths).map(([route, { $ref }]) => [route, pathItem($ref)])),
    components: {
      responses: collect(['responses.yaml']),
      schemas: collect([...documents.keys()].filter((name) => name.startsWith('schemas/'))),
    },
  };
}

function typesOf(bundleFile) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'berth-generate-'));
  try {
    const output = path.join(scratch, 'types.ts');
    execFileSync(
      'npm',
      [
        'exec',
        '--yes',
        ...PACKAGES.map((name) => `--package=${name}`),
        '--',
        'openapi-typescript',
        bundleFile,
        '--output',
        output,
        '--default-non-nullable=false',
      ],
      { cwd: scratch, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return readFileSync(output, 'utf8').replace(/^\/\*\*[\s\S]*?\*\/\s*/, '');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function main() {
  const bundleFile = path.join(openapiDir, 'bundle.json');
  const document = bundle();
  writeFileSync(bundleFile, `${JSON.stringify(document, null, 1)}\n`);
  const header = [
    '// Made by `npm run generate` from openapi/**/*.yaml; never edited.',
    `// sources: ${document['x-source-hash']}`,
    '',
    '',
  ].join('\n');
  writeFileSync(path.join(openapiDir, 'generated.ts'), header + typesOf(bundleFile));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
