import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventJson } from './event.ts';

const base = { action: 'start', scope: 'local', timeNano: 1_795_476_883_123_456_789n } as const;

test('an event of a container carries the fields of the oldest API, attributes in order, all digits of its time', () => {
  const actor = { id: 'abc', attributes: { name: 'web', image: 'busybox' } };
  assert.equal(
    eventJson({ ...base, type: 'container', actor }),
    '{"status":"start","id":"abc","from":"busybox","Type":"container","Action":"start",' +
      '"Actor":{"ID":"abc","Attributes":{"image":"busybox","name":"web"}},"scope":"local",' +
      '"time":1795476883,"timeNano":1795476883123456789}',
  );
});

test('an event of an image has no origin, one of a network neither of them', () => {
  const actor = { id: 'x', attributes: {} };
  assert.match(eventJson({ ...base, type: 'image', actor }), /^\{"status":"start","id":"x","Type":"image"/);
  assert.match(eventJson({ ...base, type: 'network', actor }), /^\{"Type":"network"/);
});
