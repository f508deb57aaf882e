import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addStaticUi } from './static-ui.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'static-ui-'));
  folder = join(root, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>page');
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'one');
  writeFileSync(join(root, 'secret.js'), 'secret');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('assets of a later build are found without a restart, and nothing outside the folder ever is', async () => {
  const app = Fastify();
  await addStaticUi(app, folder);
  writeFileSync(join(folder, 'assets', 'index-2.js'), 'two');
  const get = async (url: string) => {
    const { statusCode, body, headers } = await app.inject(url);
    return { statusCode, body, cache: headers['cache-control'] };
  };
  const lasting = 'public, max-age=31536000, immutable';
  expect(await get('/assets/index-1.js')).toEqual({ statusCode: 200, body: 'one', cache: lasting });
  expect(await get('/assets/index-2.js')).toEqual({ statusCode: 200, body: 'two', cache: lasting });
  expect(await get('/live')).toEqual({ statusCode: 200, body: '<!doctype html>page', cache: 'no-cache' });
  for (const url of [
    '/assets/index-3.js',
    '/assets/',
    '/assets',
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
  ])
    expect((await get(url)).body).not.toMatch(/secret$|page|one/);
  await app.close();
});
