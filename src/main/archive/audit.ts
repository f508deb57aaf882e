/** Notes in the audit log who saw and took which footage: not every request, but each stretch of footage once. */
import type { AuditLine, ExportJob } from '../../shared/contract-exports.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/units.ts';
import type { Clock } from '../platform/clock.ts';

/** Who is asking. */
export interface Viewer {
  /** E-mail address of the account, or what kind of key. */
  actor: string;
  /** Network address. */
  address: string;
  /** Tells viewers of one name apart, as sessions; never stored. */
  session: string;
}

export interface AuditDeps {
  store: { add(entry: Omit<AuditLine, 'sequence' | 'prevHash' | 'hash'>): AuditLine };
  cameraName(cameraId: string): string | null;
  clock: Clock;
}

/** Stretches remembered per viewer and camera, and viewers remembered; the oldest are forgotten, and then noted again. */
const MAX_STRETCHES = 20_000;
const MAX_VIEWERS = 2000;
/** A wall of pictures is one line: those that are asked for within this time. */
const WALL_MS = 3000;
const STEP_MS = { playback: MINUTE_MS, pictures: HOUR_MS };

/** Pictures of events that one viewer has asked for and that are not yet in the log. */
interface Wall {
  viewer: Viewer;
  cameraIds: Set<string>;
  eventIds: Set<string>;
  fromEpochMs: number;
  toEpochMs: number;
  /** Does not wait for more. */
  cancel(): void;
}

export class Audit {
  private readonly deps: AuditDeps;
  private readonly walls = new Map<string, Wall>();
  /** What each viewer has seen of a camera: minutes or hours of footage. */
  private readonly seen = new Map<string, Set<number>>();

  constructor(deps: AuditDeps) {
    this.deps = deps;
  }

  /** Footage of [from, to) went to somebody: a line for what has not been noted for this session. */
  noteSeen(
    action: keyof typeof STEP_MS,
    viewer: Viewer,
    cameraId: string,
    { fromEpochMs, toEpochMs }: { fromEpochMs: number; toEpochMs: number },
  ): void {
    const stepMs = STEP_MS[action];
    const stretches = this.stretchesOf(`${action} ${viewer.session} ${viewer.address} ${cameraId}`);
    const fresh: number[] = [];
    for (
      let step = Math.floor(fromEpochMs / stepMs);
      step * stepMs < Math.max(toEpochMs, fromEpochMs + 1);
      step++
    )
      if (!stretches.has(step)) fresh.push(step);
    const [first, last] = [fresh[0], fresh.at(-1)];
    if (first === undefined || last === undefined) return;
    for (const step of fresh) stretches.add(step);
    this.note(action, viewer, [cameraId], {
      fromEpochMs: Math.max(fromEpochMs, first * stepMs),
      toEpochMs: Math.min(Math.max(toEpochMs, fromEpochMs + 1), (last + 1) * stepMs),
    });
  }

  /** The picture of an event went to somebody: noted soon, in one line with the others of a wall, for hours of footage not noted yet. */
  noteEventPicture(
    viewer: Viewer,
    { id, cameraId, startEpochMs }: { id: string; cameraId: string; startEpochMs: number },
  ): void {
    const key = `${viewer.session} ${viewer.address}`;
    const hours = this.stretchesOf(`pictures ${key} ${cameraId}`);
    const hour = Math.floor(startEpochMs / STEP_MS.pictures);
    let wall = this.walls.get(key);
    if (hours.has(hour) && !wall?.cameraIds.has(cameraId)) return;
    hours.add(hour);
    if (!wall) {
      const range = { fromEpochMs: startEpochMs, toEpochMs: startEpochMs };
      const cancel = this.deps.clock.after(WALL_MS, () => this.endWall(key));
      wall = { viewer, cameraIds: new Set(), eventIds: new Set(), ...range, cancel };
      this.walls.set(key, wall);
    }
    wall.cameraIds.add(cameraId);
    wall.eventIds.add(id);
    wall.fromEpochMs = Math.min(wall.fromEpochMs, startEpochMs);
    wall.toEpochMs = Math.max(wall.toEpochMs, startEpochMs + 1);
  }

  /** Writes down what waits for the rest of its wall. To be called before the log is read, and before the database is closed. */
  flush(): void {
    for (const key of [...this.walls.keys()]) this.endWall(key);
  }

  private endWall(key: string): void {
    const wall = this.walls.get(key);
    if (!wall) return;
    this.walls.delete(key);
    wall.cancel();
    const { viewer, cameraIds, eventIds, fromEpochMs, toEpochMs } = wall;
    const detail = eventIds.size === 1 ? 'The picture of an event' : `Pictures of ${eventIds.size} events`;
    this.note('pictures', viewer, [...cameraIds], { fromEpochMs, toEpochMs, detail });
  }

  /** Somebody opened what is shared by a link: a line per link, address and minute. */
  noteShareSeen(
    viewer: Viewer,
    { id, name, query }: { id: number; name: string; query: { cameraIds: readonly string[] } },
  ): void {
    if (this.isFirstInMinute(`share ${id} ${viewer.address}`))
      this.note('share-seen', viewer, query.cameraIds, { detail: name });
  }

  /** Files of an export went to somebody, whole or in parts: a line per session, export and minute. */
  noteDownload(job: ExportJob, viewer: Viewer): void {
    if (this.isFirstInMinute(`download ${job.id} ${viewer.session} ${viewer.address}`))
      this.noteExport('export-downloaded', job, viewer);
  }

  /** One line. */
  note(
    action: AuditLine['action'],
    { actor, address }: Pick<Viewer, 'actor' | 'address'>,
    cameraIds: readonly string[],
    facts: Partial<Pick<AuditLine, 'fromEpochMs' | 'toEpochMs' | 'reason' | 'detail'>> = {},
  ): AuditLine {
    const { store, cameraName, clock } = this.deps;
    const cameras = cameraIds.map((id) => ({ id, name: cameraName(id) ?? '' }));
    const { fromEpochMs = null, toEpochMs = null, reason = '', detail = '' } = facts;
    const range = { fromEpochMs, toEpochMs };
    return store.add({
      atEpochMs: clock.epochMs(),
      action,
      actor,
      // Fastify knows none of a client whose connection is closed already.
      address: (address as string | undefined) ?? '',
      cameras,
      ...range,
      reason,
      detail,
    });
  }

  noteExport(
    action: AuditLine['action'],
    job: ExportJob,
    viewer?: Pick<Viewer, 'actor' | 'address'>,
  ): AuditLine {
    const { cameras, fromEpochMs, toEpochMs, reason } = job;
    const facts = { fromEpochMs, toEpochMs, reason, detail: describeExport(job) };
    const who = viewer ?? { actor: job.createdBy, address: '' };
    return this.note(
      action,
      who,
      cameras.map(({ id }) => id),
      facts,
    );
  }

  private isFirstInMinute(key: string): boolean {
    const minutes = this.stretchesOf(key);
    const now = Math.floor(this.deps.clock.epochMs() / MINUTE_MS);
    if (minutes.has(now)) return false;
    minutes.add(now);
    return true;
  }

  private stretchesOf(key: string): Set<number> {
    let stretches = this.seen.get(key);
    if (!stretches || stretches.size > MAX_STRETCHES) stretches = new Set();
    this.seen.delete(key);
    this.seen.set(key, stretches);
    const oldest = this.seen.keys().next().value;
    if (this.seen.size > MAX_VIEWERS && oldest !== undefined) this.seen.delete(oldest);
    return stretches;
  }
}

function describeExport(job: ExportJob): string {
  const what = job.form === 'evidence' ? 'Evidence package' : 'Clip';
  const where = job.drive ? `drive ${job.drive.name}` : 'this recorder';
  return [`${what} to ${where}: ${job.name}`, ...(job.problem ? [job.problem] : [])].join('. ');
}
