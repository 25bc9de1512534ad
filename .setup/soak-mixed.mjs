// The mixed soak: workers that create, start, exec in, copy into, read, stop, kill, restart and remove containers as fast as the
// machine lets them, each checking what it gets.
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** One API request; the answer's status and text. Rejects when there is none in a minute. */
function caller(socketPath) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const payload =
        body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const type = Buffer.isBuffer(body) ? 'application/x-tar' : 'application/json';
      const sent = request(
        {
          socketPath,
          agent,
          method,
          path: `/v1.51${path}`,
          timeout: 60_000,
          headers: payload ? { 'content-type': type, 'content-length': payload.length, ...headers } : headers,
        },
        async (answer) => {
          try {
            const chunks = [];
            for await (const chunk of answer) chunks.push(chunk);
            resolve({ status: answer.statusCode, bytes: Buffer.concat(chunks) });
          } catch (error) {
            reject(error);
          }
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in a minute`)));
      sent.on('error', reject);
      sent.end(payload);
    });
  const expect = async (wanted, method, path, body) => {
    const { status, bytes } = await call(method, path, body);
    if (![wanted].flat().includes(status))
      throw new Error(
        `${method} ${path.replace(/[0-9a-f]{52}/g, '')}: ${status} ${bytes.toString().slice(0, 300)}`,
      );
    return bytes;
  };
  const json = async (...args) => JSON.parse((await expect(...args)).toString());
  /** Reads an answer that goes on until it has what is looked for, then leaves. */
  const follow = (path, found) =>
    new Promise((resolve, reject) => {
      let text = '';
      const sent = request({ socketPath, agent: false, path: `/v1.51${path}`, timeout: 60_000 }, (answer) => {
        answer.on('data', (chunk) => {
          text += chunk;
          if (!found(text)) return;
          resolve();
          sent.destroy();
        });
        answer.on('end', () => reject(new Error(`${path}: ended with ${text.slice(-300)}`)));
      });
      sent.on('timeout', () => sent.destroy(new Error(`${path}: nothing in a minute`)));
      sent.on('error', reject);
      sent.end();
    });
  return { call, expect, json, follow, close: () => agent.destroy() };
}

/** Payload of frames, without their heads. */
function unframed(bytes) {
  const parts = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4))
    parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at + 4)));
  return Buffer.concat(parts).toString();
}

/** A tar of one small file. */
function tarOf(name, text) {
  const block = Buffer.alloc(1536);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += block[i];
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  block.write(text, 512);
  return Buffer.concat([block, Buffer.alloc(512)]);
}

const script = 'trap "exit 5" TERM; echo up; while :; do sleep 0.02; done';

/** What a worker does in one round, each with a container of its own. */
function rounds({ expect, json, call, follow }) {
  const create = async (Cmd, more = {}, HostConfig = {}) =>
    (await json(201, 'POST', '/containers/create', { Image: 'busybox', Cmd, ...more, HostConfig })).Id;
  const at = (id, rest = '') => `/containers/${id}${rest}`;
  const start = (id) => expect(204, 'POST', at(id, '/start'));
  const remove = (id) => expect(204, 'DELETE', at(id, '?force=1&v=1'));
  const same = (got, wanted, what) => {
    if (got !== wanted)
      throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  };
  const up = (id) => follow(at(id, '/logs?stdout=1&follow=1'), (text) => text.includes('up'));
  /** Waits for so many events of a kind, what has happened since the container was made included. */
  const events = (id, event, count = 1) => {
    const filters = encodeURIComponent(JSON.stringify({ container: [id], event: [event.split(':')[0]] }));
    const happened = (text) => text.split('\n').filter((line) => line.includes(event)).length >= count;
    return follow(`/events?since=${Math.floor(Date.now() / 1000) - 60}&filters=${filters}`, happened);
  };
  const exec = async (id, Cmd) => {
    const { Id } = await json(201, 'POST', at(id, '/exec'), { Cmd, AttachStdout: true, AttachStderr: true });
    const output = unframed(await expect(200, 'POST', `/exec/${Id}/start`, {}));
    const { ExitCode } = await json(200, 'GET', `/exec/${Id}/json`);
    return { output, ExitCode };
  };
  const exitCode = async (id) => (await json(200, 'POST', at(id, '/wait'))).StatusCode;
  const running = async (HostConfig) => {
    const id = await create(['sh', '-c', script], {}, HostConfig);
    await start(id);
    await up(id);
    return id;
  };
  const none = { NetworkMode: 'none' };
  let serial = 0;
  return {
    async 'run to its end'() {
      const code = serial++ % 256;
      const id = await create(['sh', '-c', `echo out ${code}; exit ${code}`], {}, serial % 2 ? none : {});
      await start(id);
      same(await exitCode(id), code, 'exit code');
      same(unframed(await expect(200, 'GET', at(id, '/logs?stdout=1'))), `out ${code}\n`, 'log');
      await remove(id);
    },
    async 'execs at once, and stop'() {
      const id = await running(none);
      const done = await Promise.all([1, 2, 3].map((n) => exec(id, ['sh', '-c', `echo ${n}; exit ${n}`])));
      for (const [i, { output, ExitCode }] of done.entries()) {
        same(output, `${i + 1}\n`, 'output of an exec');
        same(ExitCode, i + 1, 'exit code of an exec');
      }
      await expect(204, 'POST', at(id, '/stop'));
      same(await exitCode(id), 5, 'exit code after stop');
      await remove(id);
    },
    async 'copy in and out'() {
      const id = await create(['cat', '/in'], {}, none);
      const { status, bytes } = await call('PUT', at(id, '/archive?path=/'), tarOf('in', 'copied'));
      if (status === 501) return void (await remove(id));
      same(status, 200, `copying in ${bytes}`);
      await start(id);
      await exitCode(id);
      same(unframed(await expect(200, 'GET', at(id, '/logs?stdout=1'))), 'copied', 'what was copied in');
      const back = await expect(200, 'GET', at(id, '/archive?path=/in'));
      same(back.subarray(512, 518).toString(), 'copied', 'what was copied out');
      await remove(id);
    },
    async 'kill, start again, restart'() {
      const id = await running({});
      await expect(204, 'POST', at(id, '/kill'));
      same(await exitCode(id), 137, 'exit code after kill');
      await start(id);
      await expect(204, 'POST', at(id, '/restart?t=0'));
      same((await json(200, 'GET', at(id, '/json'))).State.Running, true, 'running after restart');
      await remove(id);
    },
    async 'pause and rename'() {
      const id = await running(none);
      await expect(204, 'POST', at(id, '/pause'));
      await expect(204, 'POST', at(id, `/rename?name=soak-${process.pid}-${serial++}`));
      await expect(204, 'POST', at(id, '/unpause'));
      await expect(200, 'GET', at(id, '/top'));
      await expect(204, 'POST', at(id, '/kill?signal=TERM'));
      same(await exitCode(id), 5, 'exit code after TERM');
      await remove(id);
    },
    async 'restart policy'() {
      const RestartPolicy = { Name: 'on-failure', MaximumRetryCount: 1 };
      const id = await create(['false'], {}, { ...none, RestartPolicy });
      await start(id);
      await events(id, 'die', 2);
      const { RestartCount, State } = await json(200, 'GET', at(id, '/json'));
      same(RestartCount, 1, 'starts by the policy');
      same(State.Status, 'exited', 'state after the last of them');
      await remove(id);
    },
    async 'health, volume and port'() {
      const id = await create(
        ['sleep', '600'],
        {
          Healthcheck: { Test: ['CMD', 'true'], Interval: 20_000_000 },
          ExposedPorts: { '80/tcp': {} },
          Volumes: { '/data': {} },
        },
        { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
      );
      await start(id);
      await events(id, 'health_status: healthy');
      await remove(id);
    },
    async 'automatic removal'() {
      const id = await create(['true'], {}, { ...none, AutoRemove: true });
      const gone = expect(200, 'POST', at(id, '/wait?condition=removed'));
      await start(id);
      await gone;
    },
  };
}

/**
 * Runs workers until `minutes` have passed.
 * @param sample  called each 5 s once the first fifth of the time has passed: what is measured grows no more from there on
 * @returns {{rounds: number, errors: string[]}}
 */
export async function soakMixed({ socketPath, minutes, workers = 8, sample }) {
  const client = caller(socketPath);
  const kinds = Object.entries(rounds(client));
  const began = performance.now();
  const end = began + minutes * 60_000;
  const errors = [];
  let count = 0;
  const work = async (first) => {
    for (let i = first; performance.now() < end && errors.length < 20; i++) {
      const [name, round] = kinds[i % kinds.length];
      try {
        await round();
        count++;
      } catch (error) {
        errors.push(`${name}: ${error.message}`);
      }
    }
  };
  let over = false;
  const watch = async () => {
    await wait((end - began) / 5, undefined, { ref: false });
    while (!over) {
      sample();
      await wait(5000, undefined, { ref: false });
    }
  };
  void watch();
  await Promise.all(Array.from({ length: workers }, (_, i) => work(i)));
  over = true;
  client.close();
  return { rounds: count, errors };
}
