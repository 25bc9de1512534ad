import { internal, unimplemented } from '../../errors.ts';

/** What `SecurityOpt` says, before a profile's file is read. */
export interface ParsedSecurityOptions {
  /** Undefined follows the daemon. */
  noNewPrivileges: boolean | undefined;
  /** '' default, 'unconfined', or the JSON text of a profile (the client sends the file's content). */
  seccomp: string;
  /** '' default. */
  apparmor: string;
}

/**
 * Parses `SecurityOpt`. Options are `name=value`; the old form with a colon is taken too.
 * @param apparmor  this kernel has AppArmor
 * @throws internal with the reference's text for what it does not know; unimplemented for SELinux labels
 */
export function parseSecurityOptions(
  options: readonly string[] | null,
  apparmor: boolean,
): ParsedSecurityOptions {
  const parsed: ParsedSecurityOptions = { noNewPrivileges: undefined, seccomp: '', apparmor: '' };
  for (const option of options ?? []) {
    if (option === 'no-new-privileges') {
      parsed.noNewPrivileges = true;
      continue;
    }
    const match = /^([^=:]+)[=:](.*)$/s.exec(option);
    if (!match) throw internal(`invalid --security-opt 1: "${option}"`);
    const [, name = '', value = ''] = match;
    if (name === 'seccomp') parsed.seccomp = value === 'builtin' ? '' : value;
    else if (name === 'apparmor') parsed.apparmor = value;
    else if (name === 'no-new-privileges') parsed.noNewPrivileges = parseBool(value, option);
    else if (name === 'label') refuseLabel(value);
    else throw internal(`invalid --security-opt 2: "${option}"`);
  }
  if (!apparmor && !['', 'unconfined'].includes(parsed.apparmor))
    throw unimplemented(`apparmor profile ${parsed.apparmor}: this kernel has no AppArmor`);
  return parsed;
}

function parseBool(value: string, option: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
  throw internal(`invalid --security-opt 2: "${option}"`);
}

/** Without SELinux a label has nothing to act on; switching it off is what there is anyway. */
function refuseLabel(value: string): void {
  if (value !== 'disable') throw unimplemented(`security label ${value}: SELinux is not implemented yet`);
}
