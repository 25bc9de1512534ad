import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Executor } from '../host/executor.ts';
import { VolumeMounts } from './mounts.ts';
import type { Volume } from './service.ts';

const program = fileURLToPath(new URL('../../native/build/executor/berth-executor', import.meta.url));

const skip = process.getuid?.() !== 0 ? 'needs root' : false;

describe('mounts of volumes', { skip }, () => {
  let root: string;
  let executor: Executor;
  let serial = 0;
  let volume: Volume;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'berth-volume-mounts-'));
    executor = new Executor({ path: program, dataRoot: root, execRoot: join(root, 'exec') });
    await executor.ready();
  });

  after(async () => {
    await executor[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  beforeEach(() => {
    volume = volumeOf({ type: 'tmpfs', device: 'tmpfs', o: 'size=1m,mode=0750' });
  });

  function volumeOf(options: Volume['options']): Volume {
    const path = join(root, `volume-${++serial}`, '_data');
    mkdirSync(path, { recursive: true });
    return { name: `v${serial}`, created: '', labels: {}, anonymous: false, options, path };
  }

  const isMounted = ({ path }: Volume): boolean =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .some((line) => line.split(' ')[4] === path);

  test('a volume is mounted for its first user and unmounted after its last', async () => {
    const mounts = new VolumeMounts(executor);
    await mounts.hold(volume, 'one');
    await mounts.hold(volume, 'two');
    assert.equal(statSync(volume.path).mode & 0o777, 0o750);
    writeFileSync(join(volume.path, 'file'), 'x');
    await mounts.release(volume, 'one');
    assert.deepEqual(readdirSync(volume.path), ['file']);
    await mounts.release(volume, 'nobody');
    assert.ok(isMounted(volume));
    await mounts.release(volume, 'two');
    assert.ok(!isMounted(volume));
    assert.deepEqual(readdirSync(volume.path), []);
  });

  test('what a killed daemon left mounted is kept for who still runs, and unmounted otherwise', async () => {
    const other = volumeOf({ type: 'tmpfs', device: 'tmpfs' });
    const before = new VolumeMounts(executor);
    await before.hold(volume, 'runs');
    writeFileSync(join(volume.path, 'file'), 'x');
    await before.hold(other, 'ended');
    const next = new VolumeMounts(executor);
    await next.hold(volume, 'runs');
    await next.settle([volume, other]);
    assert.deepEqual(readdirSync(volume.path), ['file']);
    assert.ok(!isMounted(other));
    await next.release(volume, 'runs');
    assert.ok(!isMounted(volume));
  });

  test('a bind is read-only when it says so, and hides nothing that was not to be hidden', async () => {
    const source = join(root, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'file'), 'x');
    const bound = volumeOf({ type: 'none', device: source, o: 'bind,ro' });
    const mounts = new VolumeMounts(executor);
    await mounts.hold(bound, 'one');
    assert.deepEqual(readdirSync(bound.path), ['file']);
    assert.throws(() => writeFileSync(join(bound.path, 'other'), 'x'), { code: 'EROFS' });
    writeFileSync(join(source, 'other'), 'x');
    await mounts.release(bound, 'one');
  });

  test('what cannot be mounted is said in the words of the reference, and nobody holds it', async () => {
    const missing = volumeOf({ type: 'none', device: '/no/such/place', o: 'bind' });
    const mounts = new VolumeMounts(executor);
    await assert.rejects(mounts.hold(missing, 'one'), {
      kind: 'internal',
      message: `error while mounting volume '${missing.path}': failed to mount local volume: mount /no/such/place:${missing.path}, flags: 0x1000: no such file or directory`,
    });
    const secret = volumeOf({ type: 'cifs', device: '//127.0.0.1/x', o: 'addr=127.0.0.1,password=secret' });
    await assert.rejects(
      mounts.hold(secret, 'one'),
      (error: Error) => !error.message.includes('secret,') && !/=secret/.test(error.message),
    );
  });

  test('a link in the place of a volume is not followed', async () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    rmdirSync(volume.path);
    symlinkSync(elsewhere, volume.path);
    await assert.rejects(new VolumeMounts(executor).hold(volume, 'one'));
    assert.ok(!isMounted({ ...volume, path: elsewhere }));
  });
});
