import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultProfile } from './default-profile.ts';
import { parseSeccompProfile } from './profile.ts';

const facts = { capabilities: ['CAP_CHOWN'], arch: 'x64', kernel: '5.10.0' };
const names = (profile: { syscalls?: { names: string[] }[] }): string[] =>
  (profile.syscalls ?? []).flatMap((rule) => rule.names);

test('a profile in the OCI form stays as it is', () => {
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: ['SCMP_ARCH_X86_64'],
    syscalls: [
      {
        names: ['read'],
        action: 'SCMP_ACT_ALLOW',
        errnoRet: 3,
        args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }],
      },
    ],
  };
  assert.deepEqual(parseSeccompProfile(JSON.stringify(profile), facts), profile);
});

test('conditions on capabilities, architecture and kernel choose rules', () => {
  const rule = (name: string, condition: object): object => ({
    names: [name],
    action: 'SCMP_ACT_ALLOW',
    ...condition,
  });
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: [
      { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] },
      { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
    ],
    syscalls: [
      rule('has', { includes: { caps: ['CAP_CHOWN'] } }),
      rule('lacks', { includes: { caps: ['CAP_CHOWN', 'CAP_SYS_ADMIN'] } }),
      rule('excluded', { excludes: { caps: ['CAP_CHOWN'] } }),
      rule('here', { includes: { arches: ['amd64'] } }),
      rule('elsewhere', { includes: { arches: ['arm64'] } }),
      rule('old-kernel', { includes: { minKernel: '5.9' } }),
      rule('new-kernel', { includes: { minKernel: '5.11' } }),
    ],
  };
  const parsed = parseSeccompProfile(JSON.stringify(profile), facts);
  assert.ok(parsed);
  assert.deepEqual(names(parsed), ['has', 'here', 'old-kernel']);
  assert.deepEqual(parsed.architectures, ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
});

test('what is no profile is refused', () => {
  assert.throws(
    () => parseSeccompProfile('x', facts),
    /Decoding seccomp profile failed: invalid character 'x'/,
  );
  assert.throws(() => parseSeccompProfile('{"syscalls":[{"names":["x"]}]}', facts), { kind: 'internal' });
  assert.equal(parseSeccompProfile('{}', facts), undefined);
  const both = { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['a'], archMap: [{ architecture: 'b' }] };
  assert.throws(() => parseSeccompProfile(JSON.stringify(both), facts), /both 'architectures' and 'archMap'/);
});

test('the default profile opens what a capability is for, and only then', () => {
  const without = names(defaultProfile(['CAP_CHOWN'], 'x64'));
  const withAdmin = names(defaultProfile(['CAP_SYS_ADMIN'], 'x64'));
  assert.ok(!without.includes('mount') && withAdmin.includes('mount'));
  assert.ok(without.includes('arch_prctl') && !names(defaultProfile([], 'arm64')).includes('arch_prctl'));
  const clone3 = defaultProfile([], 'x64').syscalls?.find((rule) => rule.names.includes('clone3'));
  assert.deepEqual([clone3?.action, clone3?.errnoRet], ['SCMP_ACT_ERRNO', 38]);
});
