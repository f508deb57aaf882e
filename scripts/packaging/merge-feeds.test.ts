import { expect, test } from 'vitest';
import { mergeFeeds } from './merge-feeds.ts';

const feed = (arch: string, version = '1.2.0') =>
  `version: ${version}
files:
  - url: threshold-nvr-${version}-mac-${arch}.zip
    sha512: ${arch}==
    size: 7
path: threshold-nvr-${version}-mac-${arch}.zip
sha512: ${arch}==
releaseDate: '2026-11-28T22:00:00.000Z'
`;

test('both kinds of Mac find their files in one feed', () => {
  expect(mergeFeeds(feed('x64'), feed('arm64'))).toBe(
    feed('x64').replace(
      'size: 7\n',
      'size: 7\n  - url: threshold-nvr-1.2.0-mac-arm64.zip\n    sha512: arm64==\n    size: 7\n',
    ),
  );
});

test('feeds that do not belong together are refused', () => {
  expect(() => mergeFeeds(feed('x64'), feed('arm64', '1.3.0'))).toThrow('1.2.0 and 1.3.0');
  expect(() => mergeFeeds(feed('x64'), '<html>')).toThrow('not an update feed');
});
