import { internal } from '../../errors.ts';

/** What `SecurityOpt` says, before a profile's file is read. */
export interface ParsedSecurityOptions {
  /** Undefined follows the daemon. */
  noNewPrivileges: boolean | undefined;
  /** '' default, 'builtin', 'unconfined', or the JSON text of a profile (the client sends the file's content). */
  seccomp: string;
  /** '' default. */
  apparmor: string;
  writableCgroups: boolean;
}

/**
 * Parses `SecurityOpt`. Options are `name=value`; the old form with a colon is taken too. Labels of SELinux are taken as they are:
 * without `--selinux-enabled` they have nothing to act on, in the reference as here.
 * @throws internal with the reference's text for what it does not know
 */
export function parseSecurityOptions(options: readonly string[] | null): ParsedSecurityOptions {
  const parsed: ParsedSecurityOptions = {
    noNewPrivileges: undefined,
    seccomp: '',
    apparmor: '',
    writableCgroups: false,
  };
  for (const option of options ?? []) {
    if (option === 'no-new-privileges') {
      parsed.noNewPrivileges = true;
      continue;
    }
    const match = /^([^=:]+)[=:](.*)$/s.exec(option);
    if (!match) throw internal(`invalid --security-opt 1: "${option}"`);
    const [, name = '', value = ''] = match;
    if (name === 'seccomp') parsed.seccomp = value;
    else if (name === 'apparmor') parsed.apparmor = value;
    else if (name === 'no-new-privileges') parsed.noNewPrivileges = parseBool(value, option);
    else if (name === 'writable-cgroups') parsed.writableCgroups = parseBool(value, option);
    else if (name !== 'label') throw internal(`invalid --security-opt 2: "${option}"`);
  }
  return parsed;
}

function parseBool(value: string, option: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
  throw internal(`invalid --security-opt 2: "${option}"`);
}
