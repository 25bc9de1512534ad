import { spawn } from 'node:child_process';
import { patience } from './engine.ts';

/** A docker CLI running on a pseudo-terminal, as a person would use it. */
export interface Terminal {
  /** All that the terminal has shown so far. */
  shown(): string;
  type(keys: string): void;
  /** Resolves when the terminal shows `pattern`; rejects after the deadline with what it showed. */
  shows(pattern: RegExp, timeoutMs?: number): Promise<void>;
  /** The CLI's exit code. */
  exited: Promise<number>;
}

// Python's pty module gives the terminal; it copies both ways and passes the exit code on.
const script = `
import fcntl, os, pty, struct, sys, termios
def size(fd): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
pid, master = pty.fork()
if pid == 0:
    os.execvp("docker", ["docker"] + sys.argv[1:])
size(master)
import select
while True:
    ready, _, _ = select.select([master, 0], [], [])
    if master in ready:
        try: data = os.read(master, 65536)
        except OSError: data = b""
        if not data: break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if data: os.write(master, data)
        else: break
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

/** Starts `docker ARGS` on a terminal of 100 columns and 30 rows. */
export function terminal(...args: string[]): Terminal {
  const child = spawn('python3', ['-c', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const watcher of watchers) watcher();
  });
  child.stdin.on('error', () => {});
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  return {
    shown: () => text,
    type: (keys) => void child.stdin.write(keys),
    shows: (pattern, timeoutMs = 15_000) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!pattern.test(text)) return;
          clearTimeout(timer);
          watchers.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          watchers.delete(check);
          child.kill();
          reject(new Error(`the terminal did not show ${pattern} but:\n${text}`));
        }, timeoutMs * patience);
        watchers.add(check);
        check();
      }),
    exited,
  };
}
