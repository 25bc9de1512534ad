import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Process } from '../../oci/runtime-spec.ts';
import type { ExecConfig } from './exec.ts';
import { execProcess } from './process.ts';

const base: Process = {
  terminal: true,
  consoleSize: { height: 1, width: 2 },
  user: { uid: 0, gid: 0 },
  args: ['main'],
  env: ['PATH=/bin', 'HOSTNAME=h', 'TERM=xterm', 'HOME=/root', 'A=1'],
  cwd: '/',
  capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_CHOWN'], permitted: ['CAP_CHOWN'] },
  noNewPrivileges: true,
};

function exec(more: Partial<ExecConfig> = {}): ExecConfig {
  return {
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Cmd: ['echo', 'x'],
    Env: [],
    User: '',
    WorkingDir: '',
    Privileged: false,
    DetachKeys: '',
    ConsoleSize: undefined,
    ...more,
  };
}

test('what the container was given is kept, its terminal is not', () => {
  const made = execProcess(base, { Env: ['A=1'], WorkingDir: '' }, exec(), [3, 4], []);
  assert.deepEqual(made, {
    user: { uid: 0, gid: 0 },
    args: ['echo', 'x'],
    env: ['PATH=/bin', 'HOSTNAME=h', 'A=1'],
    cwd: '/',
    capabilities: base.capabilities,
    noNewPrivileges: true,
  });
});

test('a terminal brings TERM and its size, unless the container or the exec say otherwise', () => {
  const made = execProcess(base, { Env: [], WorkingDir: '' }, exec({ Tty: true }), [3, 4], []);
  assert.equal(made.terminal, true);
  assert.deepEqual(made.consoleSize, { height: 3, width: 4 });
  assert.ok(made.env.includes('TERM=xterm'));
  const own = execProcess(
    { ...base, env: ['TERM=vt100'] },
    { Env: ['TERM=vt100'], WorkingDir: '' },
    exec({ Tty: true }),
    undefined,
    [],
  );
  assert.deepEqual(own.env, ['TERM=vt100']);
  assert.equal(own.consoleSize, undefined);
});

test('variables are replaced, added and taken away', () => {
  const made = execProcess(
    base,
    { Env: ['A=1'], WorkingDir: '' },
    exec({ Env: ['A=2', 'B=3=4', 'HOSTNAME', '=x'] }),
    undefined,
    [],
  );
  assert.deepEqual(made.env, ['PATH=/bin', 'A=2', 'B=3=4', '=x']);
});

test('the directory is that of the exec, then of the container', () => {
  assert.equal(execProcess(base, { Env: null, WorkingDir: '/w' }, exec(), undefined, []).cwd, '/w');
  assert.equal(
    execProcess(base, { Env: null, WorkingDir: '/w' }, exec({ WorkingDir: '/e' }), undefined, []).cwd,
    '/e',
  );
});

test('a privileged exec gets every capability, none of them inherited', () => {
  const made = execProcess(base, { Env: null, WorkingDir: '' }, exec({ Privileged: true }), undefined, [
    'CAP_A',
    'CAP_B',
  ]);
  assert.deepEqual(made.capabilities, {
    bounding: ['CAP_A', 'CAP_B'],
    effective: ['CAP_A', 'CAP_B'],
    permitted: ['CAP_A', 'CAP_B'],
  });
});
