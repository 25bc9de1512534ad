import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Tells when a log grows or is rotated, by the kernel's file notification: nothing is polled. Changes since the
 * last `changed` are remembered, so that a reader that looks at the file after making the watch misses none.
 */
export class LogWatch implements Disposable {
  readonly #watcher: FSWatcher;
  #pending = true;
  #renamed = true;
  #wake: (() => void) | undefined;
  #failure: Error | undefined;

  /** @throws the system's error when the directory cannot be watched */
  constructor(path: string) {
    const name = basename(path);
    this.#watcher = watch(dirname(path), (event, file) => {
      if (file !== null && !file.startsWith(name)) return;
      if (event === 'rename') this.#renamed = true;
      this.#pending = true;
      this.#wake?.();
    });
    this.#watcher.on('error', (error) => {
      this.#failure = error;
      this.#wake?.();
    });
  }

  /** Waits until something has changed since the last call returned, or one of `signals` fires. */
  async changed(...signals: AbortSignal[]): Promise<void> {
    if (!this.#pending && !this.#failure && !signals.some((signal) => signal.aborted)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      for (const signal of signals) signal.addEventListener('abort', this.#aborted, { once: true });
      await promise;
      for (const signal of signals) signal.removeEventListener('abort', this.#aborted);
      this.#wake = undefined;
    }
    if (this.#failure) throw this.#failure;
    this.#pending = false;
  }

  /** Whether a file may have got another name since the last call. */
  takeRenamed(): boolean {
    const renamed = this.#renamed;
    this.#renamed = false;
    return renamed;
  }

  [Symbol.dispose](): void {
    this.#watcher.close();
  }

  readonly #aborted = (): void => this.#wake?.();
}
