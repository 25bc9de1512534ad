import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPruneFilters } from './filters.ts';
import type { Network } from './service.ts';

const network = { Name: 'net', Labels: { tier: 'web' }, Created: '2026-01-01T00:00:00Z' } as unknown as Network;

test('a prune chooses by labels the network has, not by what every object has', () => {
  const chosen = (label: string): boolean => matchesPruneFilters(network, { label: [label] });
  assert.ok(chosen('tier'));
  assert.ok(chosen('tier=web'));
  assert.ok(!chosen('tier=db'));
  assert.ok(!chosen('constructor'));
});
