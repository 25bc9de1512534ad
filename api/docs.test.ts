import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import express from 'express';
import request from 'supertest';
import { docsRouter } from './docs.ts';

const app = express();
app.use(docsRouter());
const { cache } = createRequire(import.meta.url);

test('Swagger UI is loaded at the first visit, not at the start', async () => {
  const loaded = () => Object.keys(cache).some((file) => file.includes('swagger-ui-express'));
  assert.equal(loaded(), false);
  await request(app).get('/docs/');
  assert.equal(loaded(), true);
});

test('/docs leads to the page, which asks for the description by a relative name', async () => {
  const moved = await request(app).get('/docs');
  assert.equal(moved.status, 301);
  assert.equal(moved.headers.location, '/docs/');
  const page = await request(app).get('/docs/');
  assert.equal(page.status, 200);
  assert.match(page.text, /<title>Berth Engine API<\/title>/);
  const script = await request(app).get('/docs/swagger-ui-init.js');
  assert.match(script.text, /"swaggerUrl": "\.\/engine\.json"/);
});

test('the page may load scripts from its own origin only', async () => {
  const page = await request(app).get('/docs/');
  assert.match(page.headers['content-security-policy'] ?? '', /default-src 'self'/);
  assert.doesNotMatch(page.text, /<script[^>]*>[^<\s]/);
});

test('the served description is the bundle, prose and all', async () => {
  const answer = await request(app).get('/docs/engine.json');
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  assert.equal(answer.text, readFileSync(new URL('../openapi/bundle.json', import.meta.url), 'utf8'));
});

test('scripts are served, an unknown file and the package description are not', async () => {
  assert.equal((await request(app).get('/docs/swagger-ui-bundle.js')).status, 200);
  assert.equal((await request(app).get('/docs/nosuch')).status, 404);
  assert.equal((await request(app).get('/docs/package.json')).status, 404);
});
