// Installs what is missing and builds the native part. Does nothing, quickly, when all is there.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cache, ensurePackages, node, once, project, readList, run } from './machine.mjs';

/** npm packages, the project's own Node among them. */
function npmPackages() {
  const lock = readFileSync(join(project, 'package-lock.json'), 'utf8');
  once(
    'npm',
    lock,
    () => existsSync(node),
    () => {
      console.log('berth set-up: installing npm packages');
      // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which not every mirror has.
      run('npm', ['install', '--no-save', '--ignore-scripts', '--no-fund', '--no-audit']);
    },
  );
}

/** The native programs, in native/build. */
function nativeBuild() {
  ensurePackages(readList('packages.txt'));
  const source = join(project, 'native');
  const build = join(source, 'build');
  if (!existsSync(join(build, 'build.ninja'))) {
    console.log('berth set-up: building native/');
    run('meson', ['setup', build, source, '--buildtype=release']);
  }
  run('ninja', ['-C', build]);
}

/** The daemon's compiled modules, in .cache/compile. */
function compileCache() {
  const folder = join(cache, 'compile');
  const sources = ['api', 'src', 'openapi'].flatMap((name) =>
    readdirSync(join(project, name), { recursive: true })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${name}/${file}:${statSync(join(project, name, file)).mtimeMs}`),
  );
  once(
    'compile',
    sources,
    () => existsSync(folder),
    () => {
      run(node, ['--disable-warning=ExperimentalWarning', join(project, '.setup', 'warm.mjs')], {
        env: { ...process.env, NODE_COMPILE_CACHE: folder },
      });
    },
  );
}

npmPackages();
nativeBuild();
compileCache();
