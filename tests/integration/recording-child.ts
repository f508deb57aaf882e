/** Records until it is killed: `node recording-child.ts DATA CAMERA_ID FOOTAGE.mp4`. Says `stored MS` as footage reaches the file. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/log.ts';
import { RecordingService } from '../../src/main/recorder/recording-service.ts';
import { Volumes } from '../../src/main/recorder/volumes.ts';
import { openDatabase } from '../../src/main/store/database.ts';
import { GapStore } from '../../src/main/store/gaps.ts';
import { SegmentStore } from '../../src/main/store/recordings.ts';
import { splitFootage } from './recording-fixture.ts';

const [dataDir = '', cameraId = '', footagePath = ''] = process.argv.slice(2);
const footage = splitFootage(readFileSync(footagePath));
mkdirSync(dataDir, { recursive: true });
const sql = openDatabase(join(dataDir, 'threshold.db'));
const service = new RecordingService({
  volumes: new Volumes({ root: join(dataDir, 'recordings'), clock: systemClock, log: silentLogger }),
  index: new SegmentStore(sql),
  ledger: new GapStore(sql),
  limits: () => ({ maxBytes: null, minFreeBytes: 0 }),
  clock: systemClock,
  log: silentLogger,
  segmentMs: 2000,
});
await service.start();
const handle = await service.addCamera({
  id: cameraId,
  name: 'Door',
  recording: { mode: 'continuous', days: 30 },
});
const startEpochMs = Date.now();
handle.main.stream(footage.description);
for (const fragment of footage.fragments) {
  const waitMs = startEpochMs + fragment.captureEpochMs - Date.now();
  if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
  handle.main.fragment({ ...fragment, captureEpochMs: startEpochMs + fragment.captureEpochMs });
  const open = service.openSegments(cameraId, 'main').at(-1);
  if (open) process.stdout.write(`stored ${open.startEpochMs + open.durationMs}\n`);
}
