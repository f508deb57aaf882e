import { expect, test } from 'vitest';
import type { AuditLine, ExportJob } from '../../shared/contract-exports.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/units.ts';
import { ManualClock } from '../platform/clock.ts';
import { Audit } from './audit.ts';

const viewer = { actor: 'owner@example.test', address: '127.0.0.1', session: 's' };

function openAudit() {
  const lines: Array<Omit<AuditLine, 'sequence' | 'prevHash' | 'hash'>> = [];
  const store = {
    add: (entry: (typeof lines)[number]) => {
      lines.push(entry);
      return { ...entry, sequence: lines.length, prevHash: '', hash: '' };
    },
  };
  const clock = new ManualClock(0);
  return { lines, clock, audit: new Audit({ store, cameraName: () => 'Door', clock }) };
}

test('what is played is noted once per session, camera and minute of footage', () => {
  const { lines, audit } = openAudit();
  const play = (fromMin: number, toMin: number, session = 's', camera = 'c') =>
    audit.noteSeen('playback', { ...viewer, session }, camera, {
      fromEpochMs: fromMin * MINUTE_MS,
      toEpochMs: toMin * MINUTE_MS,
    });
  play(0.1, 0.3);
  play(0.3, 0.5);
  play(0.5, 1.5);
  play(0, 2);
  play(0.2, 0.4, 'other');
  play(0.2, 0.4, 's', 'd');
  expect(
    lines.map(({ fromEpochMs, toEpochMs }) => [fromEpochMs! / MINUTE_MS, toEpochMs! / MINUTE_MS]),
  ).toEqual([
    [0.1, 0.3],
    [1, 1.5],
    [0.2, 0.4],
    [0.2, 0.4],
  ]);
  expect(lines[0]).toMatchObject({
    action: 'playback',
    actor: 'owner@example.test',
    cameras: [{ id: 'c', name: 'Door' }],
  });
});

test('single pictures are noted once per hour of footage', () => {
  const { lines, audit } = openAudit();
  for (let at = 0; at < 2 * HOUR_MS; at += MINUTE_MS)
    audit.noteSeen('pictures', viewer, 'c', { fromEpochMs: at, toEpochMs: at });
  expect(lines).toHaveLength(2);
});

test('a wall of pictures of events is one line, and what is noted already makes none', () => {
  const { lines, audit, clock } = openAudit();
  const look = (index: number, session = 's') =>
    audit.noteEventPicture(
      { ...viewer, session },
      { id: `e${index}`, cameraId: index % 2 ? 'c' : 'd', startEpochMs: index * HOUR_MS },
    );
  for (let index = 1; index <= 200; index++) look(index);
  expect(lines).toEqual([]);
  clock.advance(3000);
  expect(lines).toMatchObject([
    {
      ...{ action: 'pictures', actor: 'owner@example.test', detail: 'Pictures of 200 events' },
      ...{ cameras: [{ id: 'c' }, { id: 'd' }], fromEpochMs: HOUR_MS, toEpochMs: 200 * HOUR_MS + 1 },
    },
  ]);
  look(7);
  audit.noteSeen('pictures', viewer, 'c', { fromEpochMs: 7 * HOUR_MS, toEpochMs: 7 * HOUR_MS });
  clock.advance(3000);
  expect(lines).toHaveLength(1);
  look(7, 'other');
  audit.flush();
  audit.flush();
  clock.advance(3000);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({ detail: 'The picture of an event', cameras: [{ id: 'c' }] });
});

test('a download is noted though it comes in parts, once per session and minute', () => {
  const { lines, audit, clock } = openAudit();
  const job = {
    id: 'e',
    cameras: [{ id: 'c' }],
    form: 'clip',
    drive: null,
    name: 'clip',
  } as unknown as ExportJob;
  audit.noteDownload(job, viewer);
  audit.noteDownload(job, viewer);
  audit.noteDownload(job, { ...viewer, session: 'other' });
  clock.advance(MINUTE_MS);
  audit.noteDownload(job, viewer);
  expect(lines.map(({ action }) => action)).toEqual(Array(3).fill('export-downloaded'));
});

test('what a client saw whose connection is closed already is noted without an address', () => {
  const { lines, audit, clock } = openAudit();
  const gone = { ...viewer, address: undefined as unknown as string };
  audit.noteEventPicture(gone, { id: 'e', cameraId: 'c', startEpochMs: 5 });
  clock.advance(MINUTE_MS);
  expect(lines).toMatchObject([{ action: 'pictures', address: '' }]);
});
