// The real clients that the tests drive: docker CLI, compose v2 and buildx, unpacked into .cache/clients.
// Debian 12 has only older ones, so they come from a newer suite through the mirror this machine already uses.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, fail, once, run } from './machine.mjs';

const suite = 'sid';
const files = {
  docker: ['docker-cli', 'usr/bin/docker'],
  'cli-plugins/docker-compose': ['docker-compose', 'usr/libexec/docker/cli-plugins/docker-compose'],
  'cli-plugins/docker-buildx': ['docker-buildx', 'usr/libexec/docker/cli-plugins/docker-buildx'],
};

/** The folder with the clients; also usable as DOCKER_CONFIG. */
export const clients = join(cache, 'clients');

/** Fetches what is missing of the clients. */
export function ensureClients() {
  const present = () => Object.keys(files).every((name) => existsSync(join(clients, name)));
  once('clients', [suite, files], present, () => {
    console.log('berth set-up: fetching docker CLI, compose and buildx');
    const work = join(cache, 'apt');
    rmSync(work, { recursive: true, force: true });
    const packages = [...new Set(Object.values(files).map(([name]) => name))];
    downloadFrom(work, packages);
    for (const [name, [, path]] of Object.entries(files)) {
      const target = join(clients, name);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(work, 'root', path), target);
      chmodSync(target, 0o755);
    }
    rmSync(work, { recursive: true, force: true });
  });
}

/** Unpacks Debian packages of `suite` below `work`/root, with apt's lists and cache kept apart from the machine's. */
function downloadFrom(work, packages) {
  for (const part of ['lists/partial', 'cache/archives/partial', 'debs', 'root', 'etc']) {
    mkdirSync(join(work, part), { recursive: true });
  }
  chmodSync(work, 0o755);
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${mirror()} ${suite} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${work}/sources.list`,
    `Dir::Etc::sourceparts=${work}/etc`,
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
    'Acquire::Check-Valid-Until=false',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  run('apt-get', [...options, 'update', '-q']);
  run('apt-get', [...options, 'download', '-q', ...packages], { cwd: join(work, 'debs') });
  for (const deb of readdirSync(join(work, 'debs')))
    run('dpkg-deb', ['-x', join(work, 'debs', deb), join(work, 'root')]);
}

/** The Debian mirror in the machine's own apt sources. */
export function mirror() {
  const folder = '/etc/apt/sources.list.d';
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const sources = [...parts, '/etc/apt/sources.list'].filter((file) => existsSync(file));
  const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  const found = /^(?:URIs:|deb(?: \[[^\]]*\])?) +(https?:\/\/\S+\/debian\/?)(?=\s|$)/m.exec(text);
  return found?.[1] ?? fail('no Debian mirror in the apt sources of this machine');
}
