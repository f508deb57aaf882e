/** For tests of the tracker: boxes of people and cars, and what is reported of them picture by picture. */
import type { ObjectLabel, TrackedObject } from '../../../shared/domain-events.ts';
import type { Detection } from '../detector/detection.ts';
import { Tracker, type TrackerOptions } from './tracker.ts';

/** A standing person's box with the foot at x, y; 0.2 high and of usual shape in a 16:9 picture. */
export function person(
  x: number,
  y: number,
  confidence = 0.8,
  height = 0.2,
  width = height * 0.23,
): Detection {
  return { label: 'person', confidence, box: { x: x - width / 2, y: y - height, width, height } };
}

export function car(
  x: number,
  y: number,
  confidence = 0.8,
  label: ObjectLabel = 'car',
  width = 0.2,
): Detection {
  return { label, confidence, box: { x: x - width / 2, y: y - 0.15, width, height: 0.15 } };
}

/** Feeds pictures at `fps` for `seconds`; returns what was reported in each, and all ids that ended. */
export function follow(
  seconds: number,
  at: (t: number) => Array<Detection | false>,
  { fps = 5, ...options }: Partial<TrackerOptions> & { fps?: number } = {},
) {
  const tracker = new Tracker({ overheadView: false, minConfidence: 0.4, ...options });
  const pictures: Array<{ t: number; tracks: TrackedObject[] }> = [];
  const ended: number[] = [];
  for (let i = 0; i <= seconds * fps; i++) {
    const t = i / fps;
    const step = tracker.step(
      Math.round(t * 1000),
      at(t).filter((detection) => detection !== false),
    );
    pictures.push({ t, tracks: step.tracks });
    ended.push(...step.endedTrackIds);
  }
  const last = new Map(
    pictures.flatMap(({ tracks }) => tracks.map((track) => [track.trackId, track] as const)),
  );
  const moved = [...last.values()].filter((track) => track.hasMoved);
  return { pictures, ended, all: [...last.values()], moved };
}
