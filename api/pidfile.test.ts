import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { claimPidfile } from './pidfile.ts';

const directory = mkdtempSync('/tmp/berth-pidfile-test-');
const path = `${directory}/sub/berth.pid`;
after(() => rmSync(directory, { recursive: true }));

test('the file holds our number until it is given up', () => {
  const release = claimPidfile(path);
  assert.equal(readFileSync(path, 'utf8'), String(process.pid));
  release();
  assert.ok(!existsSync(path));
});

test('a file left by a dead process, or one that is no daemon, is replaced', () => {
  for (const left of ['999999999', '1', 'nonsense', '']) {
    writeFileSync(path, left);
    claimPidfile(path)();
  }
});

test('a living daemon keeps its file', async () => {
  const other = spawn('sleep', ['60'], { argv0: '/somewhere/api/main.ts' });
  await once(other, 'spawn');
  writeFileSync(path, String(other.pid));
  assert.throws(() => claimPidfile(path), {
    kind: 'unavailable',
    message: new RegExp(`process with PID ${other.pid} is still running`),
  });
  other.kill();
  await once(other, 'exit');
});

test('what another has written since is left alone', () => {
  rmSync(path, { force: true });
  const release = claimPidfile(path);
  writeFileSync(path, '12345');
  release();
  assert.equal(readFileSync(path, 'utf8'), '12345');
});
