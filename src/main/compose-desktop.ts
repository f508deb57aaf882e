/** Tells the desktop shell what shows outside its windows: alarms with their pictures, and the work under way. Part of the composition root. */
import type { EngineMessage, Work } from '../shared/desktop.ts';
import type { Parts } from './compose-context.ts';
import type { Stores } from './compose-stores.ts';
import { type AlarmNotice, buildAlarmNotice } from './events/alarm-notice.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';

export interface DesktopReportDeps {
  parts: Pick<Parts, 'events' | 'cameras' | 'archive'>;
  stores: Pick<Stores, 'cameras'>;
  tell(message: EngineMessage): void;
  clock: Clock;
  log: Logger;
}

const LOOK_EVERY_MS = 1000;

/** Begins at once; returns how to end it. */
export function reportToDesktop(deps: DesktopReportDeps): () => void {
  const { parts, tell, clock, log } = deps;
  let told = '';
  let cancel = () => {};
  const look = () => {
    const work = workOf(deps);
    const text = JSON.stringify(work);
    if (text !== told) tell({ kind: 'work', work });
    told = text;
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  look();
  const notify = async (id: string, notice: AlarmNotice) => {
    const picture = await parts.events.picture(id, { plain: false });
    tell({ kind: 'notification', notice: { ...notice, picture } });
  };
  const unsubscribe = parts.events.subscribe((event) => {
    const notice = buildAlarmNotice(event);
    if (!notice) return;
    notify(event.id, notice).catch((error: unknown) => {
      log.warn({ err: error, eventId: event.id }, 'an alarm is shown without its picture');
      tell({ kind: 'notification', notice: { ...notice, picture: null } });
    });
  });
  return () => {
    unsubscribe();
    cancel();
  };
}

function workOf({ parts, stores }: DesktopReportDeps): Work {
  const cameras = stores.cameras.list().map(({ id, name, recording }) => {
    const status = parts.cameras.status(id);
    const isWanted =
      recording.mode !== 'off' &&
      status.recordingOffBecause === undefined &&
      status.state !== 'paused' &&
      status.state !== 'no-source';
    return { id, name, recording: status.recording, isWanted };
  });
  const running = parts.archive.exports.list().filter(({ state }) => state === 'running');
  const done = running.reduce((sum, { progress }) => sum + progress, 0);
  return {
    keepsAwake: cameras.some(({ isWanted }) => isWanted),
    cameras: cameras.map(({ id, name, recording }) => ({ id, name, recording })),
    exportProgress: running.length === 0 ? null : Math.round((done / running.length) * 100) / 100,
  };
}
