// Installs what is missing and builds the native part. Does nothing, quickly, when all is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, node, once, project, readList, run } from './machine.mjs';

/** npm packages, the project's own Node among them. */
function npmPackages() {
  const lock = readFileSync(join(project, 'package-lock.json'), 'utf8');
  once(
    'npm',
    lock,
    () => existsSync(node),
    () => {
      console.log('berth set-up: installing npm packages');
      run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit']);
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

npmPackages();
nativeBuild();
