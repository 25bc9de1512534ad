import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../src/containers/container.ts';
import type { Reading } from '../../src/containers/stats/sample.ts';
import { statisticsOf } from './container-stats.ts';

const container = { id: 'c1', name: 'one' } as Container;
const options = { memoryBytes: 1000, named: true };
const reading: Reading = {
  at: '1700000000120000000',
  machineTime: 5,
  processors: 2,
  cpu: { total: 7, user: 4, kernel: 3, perCpu: [7, 0], periods: 1, throttledPeriods: 0, throttledTime: 0 },
  memory: {
    usage: 9,
    limit: '9223372036854771712',
    failures: 0,
    stats: { anon: 1, limit: '18446744073709551615' },
  },
  pids: { current: 1, limit: '18446744073709551615' },
  block: { serviceBytes: [[8, 0, 'read', 4096]] },
  interfaces: { eth0: [1, 2, 3, 4, 5, 6, 7, 8] },
};

const shown = (value: object): string => JSON.stringify(value);

test('numbers keep every digit', () => {
  const text = shown(statisticsOf({ container, reading, previous: undefined }, options));
  assert.match(text, /"pids_stats":\{"current":1,"limit":18446744073709551615\}/);
  assert.match(text, /"stats":\{"anon":1,"limit":18446744073709551615\}/);
});

test('memory without a limit is limited by the machine, and zeros are left out', () => {
  const text = shown(statisticsOf({ container, reading, previous: undefined }, options));
  assert.match(text, /"memory_stats":\{"usage":9,"stats":\{[^}]*\},"limit":1000\}/);
});

test('the reading before gives precpu_stats and preread', () => {
  const text = shown(statisticsOf({ container, reading, previous: reading }, options));
  assert.match(text, /"read":"2023-11-14T22:13:20.12Z","preread":"2023-11-14T22:13:20.12Z"/);
  assert.match(text, /"precpu_stats":\{"cpu_usage":\{"total_usage":7,"percpu_usage":\[7,0\]/);
});

test('lists the kernel does not keep are null, and counters of interfaces have their names', () => {
  const { blkio_stats, networks } = statisticsOf({ container, reading, previous: undefined }, options) as {
    blkio_stats: Record<string, unknown>;
    networks: Record<string, object>;
  };
  assert.deepEqual(blkio_stats['io_service_bytes_recursive'], [
    { major: 8, minor: 0, op: 'read', value: 4096 },
  ]);
  assert.equal(blkio_stats['sectors_recursive'], null);
  assert.deepEqual(networks, {
    eth0: {
      rx_bytes: 1,
      rx_packets: 2,
      rx_errors: 3,
      rx_dropped: 4,
      tx_bytes: 5,
      tx_packets: 6,
      tx_errors: 7,
      tx_dropped: 8,
    },
  });
});

test('a container that does not run has the shape of one that does, and nothing in it', () => {
  const text = shown(statisticsOf({ container, reading: undefined, previous: undefined }, options));
  assert.match(
    text,
    /^\{"name":"\/one","id":"c1","read":"0001-01-01T00:00:00Z","preread":"0001-01-01T00:00:00Z"/,
  );
  assert.match(
    text,
    /"cpu_stats":\{"cpu_usage":\{"total_usage":0,"usage_in_kernelmode":0,"usage_in_usermode":0\},/,
  );
  assert.match(text, /"memory_stats":\{\}\}$/);
});
