import { internal } from '../../errors.ts';

/** Words of mount(8) that say how, not where. */
const flags = new Set(
  (
    'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync mand nomand atime noatime diratime nodiratime ' +
    'bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime remount'
  ).split(' '),
);

/** tmpfs(5), with a value each. */
const settings = new Set(['mode', 'uid', 'gid', 'mpol', 'size', 'nr_blocks', 'nr_inodes']);

/** Gives the options back, or throws internal with the reference's text for one that tmpfs does not have. */
export function verifyTmpfsOptions(options: readonly string[]): string[] {
  for (const option of options) {
    const [name = '', value] = option.split('=', 2);
    if (value === undefined ? !flags.has(option) : !settings.has(name))
      throw internal(`invalid tmpfs option "${option}"`);
  }
  return [...options];
}
