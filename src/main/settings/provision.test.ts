import { expect, test } from 'vitest';
import { parseProvision } from './provision.ts';

const triangle = {
  points: [
    { x: 0.1, y: 0.2 },
    { x: 0.4, y: 0.2 },
    { x: 0.4, y: 0.9 },
  ],
};
const line = {
  name: 'Enter',
  points: [
    { x: 0.2, y: 0.6 },
    { x: 0.8, y: 0.6 },
  ],
};

/** The example of the contract. */
const example = {
  account: { email: 'owner@example.test', password: 'at least 10 characters' },
  sites: [{ id: 1, uuid: '60189e9c-7d12-438c-b9ca-6998d9c364b1', name: 'HQ' }],
  cameras: [
    {
      id: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
      name: 'front',
      siteId: 1,
      serialNumber: 'ABC123',
      macAddress: '12:34:56:78:90:12',
      source: {
        main: 'rtsp://user:pass@192.168.1.10/main',
        sub: 'rtsp://user:pass@192.168.1.10/sub',
        transport: 'tcp',
      },
      recording: { mode: 'continuous', days: 30, audio: true },
      analysis: { enabled: true, fps: 5, minConfidence: 0.4 },
      zones: [
        {
          name: 'door',
          polygons: [triangle],
          intrusion: true,
          motion: true,
          loiteringSeconds: 20,
          crowdSize: 4,
        },
      ],
      lines: [{ ...line, tailgating: { windowSeconds: 6, peoplePerUnlock: 1 } }],
      readers: ['testDevice0129397'],
    },
  ],
  readers: [{ deviceId: 'testDevice0129397', deviceName: 'Test Device' }],
  credentials: {
    oauthTokens: [{ token: 'T', scopes: ['user', 'annotations:write'] }],
    oauthClients: [{ clientId: 'c', clientSecret: 's', redirectUris: ['http://127.0.0.1:9999/callback'] }],
    uploadToken: 'u',
    embedKeys: ['123abc'],
    integrationKeys: ['i'],
    camlyticsKeys: [{ key: 'k', secret: 's' }],
  },
  camlyticsWebhooks: [
    { url: 'http://127.0.0.1:9999/events', siteId: 1 },
    { url: 'http://127.0.0.1:9999/front', cameraId: '3fa85f64-5717-4562-b3fc-2c963f66afa6' },
  ],
  storage: { maxBytes: 500000000000, minFreeBytes: 5000000000 },
};

test('takes the example of the contract', () => {
  const result = parseProvision(example);
  expect(result).toMatchObject({
    ok: true,
    provision: { cameras: [{ name: 'front', macAddress: '123456789012' }] },
  });
});

test.each<[string, unknown]>([
  ['an empty file', {}],
  ['a file URL with one slash', { cameras: [{ name: 'front', source: { main: 'file:/tmp/a.mp4' } }] }],
  ['a camera with the least', { cameras: [{ name: 'front', source: { main: 'file:///tmp/a.mp4' } }] }],
  ['a camera without a stream', { cameras: [{ name: 'uploads' }] }],
  [
    'recording folders',
    {
      storage: {
        folders: [
          { path: '/mnt/a', role: 'record', minFreeBytes: 0 },
          { path: 'D:\\archive', role: 'archive', afterDays: 7.5, maxBytes: 1000 },
          { path: '\\\\nas\\video', role: 'record' },
        ],
      },
    },
  ],
])('takes %s', (_name, value) => {
  expect(parseProvision(value).ok).toBe(true);
});

test('of recording and analysis only what stands in the file is named', () => {
  const result = parseProvision({ cameras: [{ name: 'a', recording: { mode: 'off' } }] });
  expect(result.ok && result.provision.cameras[0]).toEqual({
    name: 'a',
    recording: { mode: 'off' },
    analysis: {},
  });
});

const folders = (...list: object[]) => ({ storage: { folders: list } });
const camera = (changes: object) => ({ cameras: [{ name: 'front', ...changes }] });

test.each<[unknown, string]>([
  [[], 'the file: expected an object'],
  ['x', 'the file: expected an object'],
  [{ acount: {} }, 'acount: unknown key'],
  [{ account: { email: 'nobody', password: 'long enough pw' } }, 'account.email: expected an e-mail address'],
  [
    { account: { email: 'a@b.test', password: 'short' } },
    'account.password: expected at least 10 characters',
  ],
  [{ sites: [{ id: 0, name: 'x' }] }, 'sites[0].id: expected more than 0'],
  [
    { sites: [{ uuid: 'x', name: 'x' }] },
    'sites[0].uuid: expected a UUID like 3fa85f64-5717-4562-b3fc-2c963f66afa6',
  ],
  [
    {
      sites: [
        { id: 1, name: 'x' },
        { id: 1, name: 'y' },
      ],
    },
    'sites[1].id: expected a value that sites[0] does not have',
  ],
  [{ cameras: {} }, 'cameras: expected a list'],
  [{ cameras: [{}] }, 'cameras[0].name: expected a text'],
  [camera({ name: ' ' }), 'cameras[0].name: expected a text that is not blank'],
  [camera({ id: 'front' }), 'cameras[0].id: expected a UUID like 3fa85f64-5717-4562-b3fc-2c963f66afa6'],
  [camera({ colour: 'red' }), 'cameras[0].colour: unknown key'],
  [camera({ macAddress: '12:34' }), 'cameras[0].macAddress: expected six pairs of hex digits'],
  [camera({ source: {} }), 'cameras[0].source.main: expected a text'],
  [
    camera({ source: { main: 'http://x/' } }),
    'cameras[0].source.main: expected an rtsp://, rtsps:// or file:// URL, or demo:NAME',
  ],
  [
    camera({ source: { main: 'rtsp://x/', transport: 'http' } }),
    'cameras[0].source.transport: expected one of "tcp", "udp"',
  ],
  [
    camera({ recording: { mode: 'always' } }),
    'cameras[0].recording.mode: expected one of "continuous", "events", "off"',
  ],
  [camera({ recording: { days: 0 } }), 'cameras[0].recording.days: expected more than 0'],
  [camera({ analysis: { fps: 'five' } }), 'cameras[0].analysis.fps: expected a number'],
  [camera({ analysis: { minConfidence: 1 } }), 'cameras[0].analysis.minConfidence: expected at most 0.99'],
  [
    camera({ lines: [line, { name: 'b', points: [{ x: 0, y: 0 }] }] }),
    'cameras[0].lines[1].points: expected exactly 2 entries',
  ],
  [
    camera({
      lines: [
        {
          ...line,
          points: [
            { x: 0, y: 0 },
            { x: 0, y: 0 },
          ],
        },
      ],
    }),
    'cameras[0].lines[0].points: a line needs two different points',
  ],
  [
    camera({ lines: [line, { ...line, name: 'ENTER' }] }),
    'cameras[0].lines: names must differ (upper and lower case are the same)',
  ],
  [
    camera({ lines: [{ ...line, tailgating: {} }] }),
    'cameras[0].lines[0].tailgating.windowSeconds: expected a number',
  ],
  [
    camera({ zones: [{ name: 'z', polygons: [] }] }),
    'cameras[0].zones[0].polygons: expected at least 1 entry',
  ],
  [
    camera({ zones: [{ name: 'z', polygons: [{ points: [{ x: 0, y: 2 }] }] }] }),
    'cameras[0].zones[0].polygons[0].points[0].y: expected at most 1',
  ],
  [
    camera({ zones: [{ name: 'z', polygons: [triangle], crowdSize: 1.5 }] }),
    'cameras[0].zones[0].crowdSize: expected a whole number',
  ],
  [camera({ readers: [''] }), 'cameras[0].readers[0]: expected a text that is not blank'],
  [
    { cameras: [{ name: 'Front' }, { name: 'fRONT' }] },
    'cameras[1].name: camera names must differ (upper and lower case are the same)',
  ],
  [{ readers: [{ deviceName: 'x' }] }, 'readers[0].deviceId: expected a text'],
  [
    { credentials: { oauthTokens: [{ token: 't', scopes: ['admin'] }] } },
    'credentials.oauthTokens[0].scopes[0]: expected one of "user", "annotations:write"',
  ],
  [
    { credentials: { oauthClients: [{ clientId: 'c', clientSecret: 's', redirectUris: ['/cb'] }] } },
    'credentials.oauthClients[0].redirectUris[0]: expected an absolute URL without a fragment',
  ],
  [
    { camlyticsWebhooks: [{ url: 'ftp://x', siteId: 1 }] },
    'camlyticsWebhooks[0].url: expected an http:// or https:// URL',
  ],
  [{ camlyticsWebhooks: [{ url: 'http://x' }] }, 'camlyticsWebhooks[0]: expected either siteId or cameraId'],
  [{ storage: { maxBytes: '1 TB' } }, 'storage.maxBytes: expected a number'],
  [{ storage: { minFreeBytes: -1 } }, 'storage.minFreeBytes: expected at least 0'],
  [folders({ path: 'disk', role: 'record' }), 'storage.folders[0].path: expected an absolute path'],
  [folders({ path: '/d', role: 'leaving' }), 'storage.folders[0].role: expected one of "record", "archive"'],
  [
    folders({ path: '/d', role: 'archive' }),
    'storage.folders[0].afterDays: expected a number of days, as the folder is an archive',
  ],
  [
    folders({ path: '/d', role: 'record', afterDays: 3 }),
    'storage.folders[0].afterDays: expected none, as the folder is no archive',
  ],
  [folders({ path: '/d', role: 'record', maxBytes: 0 }), 'storage.folders[0].maxBytes: expected more than 0'],
  [folders({ path: '/d', role: 'record', size: 1 }), 'storage.folders[0].size: unknown key'],
  [
    folders({ path: '/d', role: 'record' }, { path: '/d', role: 'record' }),
    'storage.folders[1].path: expected a value that storage.folders[0] does not have',
  ],
])('refuses %j', (value, problem) => {
  const result = parseProvision(value);
  expect(result.ok ? [] : result.problems).toContain(problem);
});

test('a problem repeats no value of the file', () => {
  const result = parseProvision({
    account: { email: 'x', password: 'hunter2' },
    ...camera({ source: { main: 'http://u:hunter2@x' } }),
  });
  expect(result.ok).toBe(false);
  expect(JSON.stringify(result)).not.toContain('hunter2');
});
