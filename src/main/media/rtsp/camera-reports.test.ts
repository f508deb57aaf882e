import { expect, test } from 'vitest';
import { CameraReports, readNotifications } from './camera-reports.ts';
import { MetadataDepacketizer } from './metadata-depacketizer.ts';

const motion = (state: string, operation = 'Changed') => `<?xml version="1.0" encoding="UTF-8"?>
<tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2">
 <tt:Event><wsnt:NotificationMessage>
  <wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">tns1:VideoSource/MotionAlarm</wsnt:Topic>
  <wsnt:Message><tt:Message UtcTime="2026-11-28T10:00:00Z" PropertyOperation="${operation}">
   <tt:Source><tt:SimpleItem Name="Source" Value="VideoSource_1"/></tt:Source>
   <tt:Data><tt:SimpleItem Name="State" Value="${state}"/></tt:Data>
  </tt:Message></wsnt:Message>
 </wsnt:NotificationMessage></tt:Event>
</tt:MetadataStream>`;

test('notifications, whatever the prefixes are called', () => {
  const expected = [{ what: 'Motion Alarm (VideoSource_1)', value: 'true' }];
  expect(readNotifications(motion('true'))).toEqual(expected);
  expect(readNotifications(motion('true').replaceAll('wsnt:', 'b:').replaceAll('tt:', ''))).toEqual(expected);
});

test('what is no notification, or damaged, says nothing', () => {
  for (const xml of ['', '<a>', 'noise', '<tt:MetadataStream><tt:VideoAnalytics/></tt:MetadataStream>'])
    expect(readNotifications(xml)).toEqual([]);
  const bomb = `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(1000)}">]>${motion('&b;&b;')}`;
  expect(readNotifications(bomb).map(({ value }) => value.length)).not.toContain(2000);
});

test('the newest of each is kept, since when it says so', () => {
  const reports = new CameraReports();
  reports.document(motion('true'), 1000);
  reports.document(motion('true', 'Initialized'), 2000);
  expect(reports.list()).toEqual([
    { what: 'Motion Alarm (VideoSource_1)', value: 'true', sinceEpochMs: 1000 },
  ]);
  reports.document(motion('false'), 3000);
  expect(reports.list()).toMatchObject([{ value: 'false', sinceEpochMs: 3000 }]);
  for (let index = 0; index < 100; index++)
    reports.document(motion('true').replace('VideoSource_1', `s${index}`), 4000);
  expect(reports.list().length).toBeLessThan(50);
});

test('a document comes in parts; one with a lost part, or without an end, is given up', () => {
  const documents: string[] = [];
  const depacketizer = new MetadataDepacketizer((xml) => documents.push(xml));
  const packet = (payload: string | Buffer, marker: boolean) => ({
    ...{ payloadType: 107, sequence: 0, timestamp: 0, ssrc: 1 },
    ...{ payload: Buffer.from(payload), marker },
  });
  depacketizer.push(packet('<a>é'.slice(0, 3), false), 0);
  depacketizer.push(packet('</a>', true), 0);
  depacketizer.push(packet('<b>', false), 0);
  depacketizer.push(packet('</b>', true), 1);
  for (let index = 0; index < 300; index++) depacketizer.push(packet(Buffer.alloc(1400), false), 0);
  depacketizer.push(packet('', true), 0);
  depacketizer.push(packet('<c/>', true), 0);
  expect(documents).toEqual(['<a></a>', '<c/>']);
  expect(depacketizer.counts).toEqual({ units: 2, damaged: 2 });
});
