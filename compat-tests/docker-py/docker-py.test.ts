import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** What `harness.py` writes for each test that has run. */
interface Outcome {
  test: string;
  /** Empty when it passed. */
  failure: string;
}

// Debian's python3-docker. Each of the Python modules here is one test; its own tests are the subtests.
for (const module of ['containers', 'execs', 'low_level'])
  test(`docker-py: ${module}`, async (context) => {
    const child = spawn('/usr/bin/python3', [fileURLToPath(new URL('harness.py', import.meta.url)), module], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const subtests: Promise<void>[] = [];
    for await (const line of createInterface(child.stdout)) {
      const { test: name, failure } = JSON.parse(line) as Outcome;
      subtests.push(context.test(name, () => assert.ok(failure === '', failure)));
    }
    await Promise.all(subtests);
    assert.equal(await ended, 0);
    assert.ok(subtests.length > 0, 'no tests were found');
  });
