import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { UserDatabase } from './remapped-user.ts';

/** The users of this machine. Its tools are run at the daemon's start only: a spawn stops the event loop for milliseconds. */
export const machineUsers: UserDatabase = {
  read: (name) => readFile(`/etc/${name}`, 'utf8'),
  run: (tool, args) =>
    new Promise((resolve, reject) => {
      const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
      execFile(tool, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (error.code === 'ENOENT') resolve(undefined);
        else reject(new Error(`${tool}: ${stderr.trim() || error.message}`));
      });
    }),
};
