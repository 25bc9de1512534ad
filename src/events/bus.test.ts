import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBus, nowNano } from './bus.ts';

const near = (nano: bigint, ms: number): void => {
  const apart = Number(nano / 1_000_000n) - ms;
  assert.ok(Math.abs(apart) <= 10, `${apart} ms apart`);
};

test('when the clock is set, or the machine has slept, times follow it', (context) => {
  const before = Date.now();
  near(nowNano(), before);
  context.mock.timers.enable({ apis: ['Date'], now: before + 7_200_000 });
  near(nowNano(), before + 7_200_000);
  context.mock.timers.setTime(before - 3_600_000);
  near(nowNano(), before - 3_600_000);
});

test('times of events increase also while the clock goes back', (context) => {
  const bus = new EventBus();
  const first = bus.publish('container', 'start', 'x');
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() - 60_000 });
  const second = bus.publish('container', 'die', 'x');
  assert.ok(second.timeNano > first.timeNano);
});
