import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { engineName, socketPath } from '../support/engine.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const skip = engineName === 'reference' && 'Docker Engine serves no page of its own';

let proxy: Server;
let origin: string;
let browser: Browser;

// A browser speaks TCP only: each of its connections goes byte for byte to one on the engine's unix socket.
before(async () => {
  if (skip) return;
  proxy = createServer((client) => join(client, connect(socketPath)));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
});

after(async () => {
  if (skip) return;
  await browser.close();
  await new Promise((resolve) => proxy.close(resolve));
});

test('the documentation page shows every tag of the description and no error', { skip }, async () => {
  await using visit = await openDocs();
  const described = (await (await fetch(`${origin}/docs/engine.json`)).json()) as {
    tags: { name: string }[];
  };
  const shown = await visit.page
    .locator('.opblock-tag')
    .evaluateAll((tags) => tags.map((tag) => tag.getAttribute('data-tag')));
  assert.deepEqual(
    shown,
    described.tags.map(({ name }) => name),
  );
  assert.equal(await visit.page.locator('.errors-wrapper').count(), 0);
  assert.deepEqual(visit.complaints, []);
});

test('the documentation page loads nothing from any other origin', { skip }, async () => {
  await using visit = await openDocs();
  assert.ok(visit.requested.length > 3);
  assert.deepEqual(
    visit.requested.filter((url) => !url.startsWith(origin) && !url.startsWith('data:')),
    [],
  );
});

test('"try it out" on GET /version shows the answer of this engine', { skip }, async () => {
  await using visit = await openDocs();
  await visit.page.locator('.opblock-tag[data-tag="System"]').click();
  const version = visit.page.locator('#operations-System-SystemVersion');
  await version.locator('.opblock-summary-control').click();
  await version.locator('.try-out__btn').click();
  await version.locator('.execute').click();
  const answer = version.locator('.live-responses-table');
  await answer.waitFor();
  assert.match((await answer.locator('tbody .response-col_status').first().textContent()) ?? '', /200/);
  const body = JSON.parse((await answer.locator('tbody .microlight').first().textContent()) ?? '') as {
    ApiVersion: string;
  };
  assert.equal(body.ApiVersion, '1.51');
});

/** A page on /docs whose operations have been rendered, with what it asked for and what it complained about. */
async function openDocs(): Promise<
  { page: Page; requested: string[]; complaints: string[] } & AsyncDisposable
> {
  const page = await browser.newPage();
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${origin}/docs`);
  await page.locator('.opblock-tag').first().waitFor();
  return { page, requested, complaints, [Symbol.asyncDispose]: () => page.close() };
}

function join(client: Socket, engine: Socket): void {
  client.pipe(engine).pipe(client);
  client.on('error', () => engine.destroy());
  engine.on('error', () => client.destroy());
}
