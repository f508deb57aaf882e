import { expect, test } from 'vitest';
import { isTrustedSender, mayRequest, mayUsePermission, planOpening } from './fences.ts';

const ENGINE = 'http://127.0.0.1:8480';

test.each([
  [`${ENGINE}/app/v1/cameras`, true],
  ['ws://127.0.0.1:8480/app/v1/ws', true],
  ['data:image/png;base64,AA==', true],
  [`blob:${ENGINE}/1`, true],
  ['blob:https://evil.example/1', false],
  ['http://127.0.0.1:8481/', false],
  ['https://127.0.0.1:8480/', false],
  ['https://evil.example/', false],
  ['file:///etc/passwd', false],
  ['devtools://devtools/x', false],
  ['not an address', false],
])('requesting %s: %s', (url, allowed) => {
  expect(mayRequest(url, ENGINE)).toBe(allowed);
  expect(mayRequest(url, null)).toBe(false);
});

test('permissions are for the engine’s page, and but two', () => {
  expect(mayUsePermission('fullscreen', `${ENGINE}/`, ENGINE)).toBe(true);
  expect(mayUsePermission('fullscreen', 'https://evil.example/', ENGINE)).toBe(false);
  for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'usb', 'clipboard-read'])
    expect(mayUsePermission(permission, `${ENGINE}/`, ENGINE)).toBe(false);
});

test.each([
  [`${ENGINE}/#/archive`, 'window'],
  ['https://example.test/manual', 'browser'],
  ['file:///etc/passwd', 'nothing'],
  ['javascript:alert(1)', 'nothing'],
  ['smb://host/share', 'nothing'],
  ['https://', 'nothing'],
])('a new window for %s: %s', (url, plan) => expect(planOpening(url, ENGINE)).toBe(plan));

test('calls are answered to the page itself alone', () => {
  expect(isTrustedSender({ url: `${ENGINE}/`, parent: null }, ENGINE)).toBe(true);
  expect(isTrustedSender({ url: `${ENGINE}/`, parent: {} }, ENGINE)).toBe(false);
  expect(isTrustedSender({ url: 'https://evil.example/', parent: null }, ENGINE)).toBe(false);
  expect(isTrustedSender({ url: `${ENGINE}/`, parent: null }, null)).toBe(false);
  expect(isTrustedSender(null, ENGINE)).toBe(false);
});
