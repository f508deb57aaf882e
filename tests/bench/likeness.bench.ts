/**
 * How good search by likeness is: pictures of six people, who walk one after the other through one room, are uploaded as events; each is
 * then searched for with `event=`. Prints how often the first result shows the same person (rank 1) and the mean average precision,
 * beside what chance would give, with all events and without those of the same person at nearly the same time.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFfmpeg } from '../../src/main/media/ffmpeg.ts';
import { SHARED, startEngine, until } from '../fixtures/engine.ts';

const CLIP = join(SHARED, 'footage/one-by-one-person-detection.mp4');
const PER_PERSON = 6;
/** Pictures of one person closer together are nearly the same picture. */
const NEAR_SECONDS = 5;

interface Shot {
  person: string;
  atSeconds: number;
  eventId: string;
}

const { objects } = JSON.parse(readFileSync(CLIP.replace('.mp4', '.truth.json'), 'utf8')) as {
  objects: Array<{ id: string; enter: number; leave: number }>;
};
const folder = mkdtempSync(join(tmpdir(), 'likeness-bench-'));
const provision = { credentials: { oauthTokens: [{ token: 'bench', scopes: ['user'] }] } };
const engine = await startEngine(join(folder, 'data'), provision, {
  THRESHOLD_MODELS: join(SHARED, 'models'),
});
try {
  const shots = await uploadAll();
  const ids = new Set(await labelled(shots.length));
  const seen = shots.filter(({ eventId }) => ids.has(eventId));
  console.log(`${shots.length} pictures of ${objects.length} people, a person found in ${seen.length}`);
  const rankings = new Map<string, string[]>();
  for (const { eventId } of seen) rankings.set(eventId, await alike(eventId));
  report('all events', seen, rankings, 0);
  report(`without the same person within ${NEAR_SECONDS} s`, seen, rankings, NEAR_SECONDS);
} finally {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function uploadAll(): Promise<Shot[]> {
  const shots: Shot[] = [];
  for (const { id, enter, leave } of objects)
    for (let i = 0; i < PER_PERSON; i++) {
      const atSeconds = enter + 1.5 + ((leave - enter - 3) * i) / (PER_PERSON - 1);
      const args = [
        '-v',
        'error',
        '-ss',
        atSeconds.toFixed(2),
        '-i',
        CLIP,
        '-frames:v',
        '1',
        '-f',
        'mjpeg',
        'pipe:1',
      ];
      const { stdout } = await runFfmpeg(process.env.FFMPEG_BIN ?? 'ffmpeg', args);
      const name = new Date(Date.UTC(2026, 0, 1, shots.length)).toISOString();
      const answer = await fetch(
        `${engine.url}/api/users/me/cameras/room/content/${name}.jpg?camera_id=room`,
        {
          method: 'POST',
          headers: { authorization: 'token bench' },
          body: new Uint8Array(stdout),
        },
      );
      shots.push({
        person: id,
        atSeconds,
        eventId: ((await answer.json()) as { event_id: string }).event_id,
      });
    }
  return shots;
}

/** Waits until the detector has looked at every picture; the ids of the events with a person. */
async function labelled(count: number): Promise<string[]> {
  let last = -1;
  let calm = 0;
  return until(
    'the detector',
    async () => {
      const buckets = await search('labels=human&num_results=100');
      calm = buckets.length === last ? calm + 1 : 0;
      last = buckets.length;
      // What it has not found after this long it does not find.
      return buckets.length === count || (buckets.length > 0 && calm > 100) ? buckets : null;
    },
    300_000,
  );
}

async function alike(eventId: string): Promise<string[]> {
  const ids = await search(`event=${eventId}&labels=human&num_results=100&motion_type=all`);
  return ids.filter((id) => id !== eventId);
}

async function search(query: string): Promise<string[]> {
  const response = await fetch(`${engine.url}/api/search?${query}`, {
    headers: { authorization: 'token bench' },
  });
  const { result } = (await response.json()) as { result: { buckets: Array<{ bucket_id: string }> } };
  return result.buckets.map((bucket) => bucket.bucket_id);
}

function report(
  title: string,
  seen: readonly Shot[],
  rankings: ReadonlyMap<string, string[]>,
  nearSeconds: number,
): void {
  const byId = new Map(seen.map((shot) => [shot.eventId, shot]));
  let first = 0;
  let precision = 0;
  let chance = 0;
  let queries = 0;
  for (const query of seen) {
    const list = rankings
      .get(query.eventId)!
      .flatMap((id) => byId.get(id) ?? [])
      .filter(
        (shot) => shot.person !== query.person || Math.abs(shot.atSeconds - query.atSeconds) >= nearSeconds,
      );
    const hits = list.flatMap((shot, i) => (shot.person === query.person ? [i + 1] : []));
    if (hits.length === 0) continue;
    queries += 1;
    if (hits[0] === 1) first += 1;
    precision += hits.reduce((sum, rank, i) => sum + (i + 1) / rank, 0) / hits.length;
    chance += hits.length / list.length;
  }
  const percent = (sum: number) => `${((100 * sum) / queries).toFixed(0)} %`;
  console.log(
    `${title}: rank 1 ${percent(first)} (chance ${percent(chance)}), mAP ${percent(precision)}, ${queries} searches`,
  );
}
