/** The truth of a clip whose pictures or times were changed: mirrored, shrunk, played faster, backwards, with people who linger or turn back. Pure. */
import type { Truth } from './truth.ts';

/** A piece of the clip as it is played: from one of its own seconds to another (backwards where `to` is less), `pace` times as fast. */
export interface Piece {
  from: number;
  to: number;
  pace: number;
  /** Instead of being played: for so many seconds it goes one picture forth and back about `from`. */
  lingerSeconds?: number;
}

type Compass = Truth['lines'][number]['crossings'][number]['dir'];

const OPPOSITE: Record<Compass, Compass> = { L2R: 'R2L', R2L: 'L2R', T2B: 'B2T', B2T: 'T2B' };
/** Who turns back so soon after the line was on it and not behind it. */
const ON_LINE_SECONDS = 0.15;
/** A stay that ends so near to the time of loitering says nothing. */
const NEAR_SECONDS = 1;

export function secondsOf(piece: Piece): number {
  return piece.lingerSeconds ?? Math.abs(piece.to - piece.from) / piece.pace;
}

/** Left is right. */
export function mirror(truth: Truth): Truth {
  const turn = ([x, y]: [number, number]): [number, number] => [1 - x, y];
  return {
    ...place(truth, turn),
    lines: truth.lines.map((line) => ({
      ...line,
      a: turn(line.a),
      b: turn(line.b),
      crossings: line.crossings.map((crossing) => ({
        ...crossing,
        dir: /^[TB]/.test(crossing.dir) ? crossing.dir : OPPOSITE[crossing.dir],
      })),
    })),
  };
}

/** The clip in the middle of a larger picture; what reached to the picture's edge still does. */
export function shrink(truth: Truth, share: number): Truth {
  const move = (at: number) => (at <= 0 || at >= 1 ? at : (1 - share) / 2 + at * share);
  return place(truth, ([x, y]) => [move(x), move(y)]);
}

/** The middle of the picture alone. Only lines: who stands where is no longer seen of those whose feet are cut off. */
export function zoom(truth: Truth, factor: number): Truth {
  const move = (at: number) => Math.min(1, Math.max(0, 0.5 + (at - 0.5) * factor));
  return { ...place(truth, ([x, y]) => [move(x), move(y)]), zones: [], loitering: [] };
}

function place(truth: Truth, move: (point: [number, number]) => [number, number]): Truth {
  return {
    ...truth,
    lines: truth.lines.map((line) => ({ ...line, a: move(line.a), b: move(line.b) })),
    zones: truth.zones.map((zone) => ({ ...zone, polygon: zone.polygon.map(move) })),
  };
}

/** What happens in the clip when its pieces are played one after the other. Tailgating is kept where one piece is all of it. */
export function retime(truth: Truth, pieces: readonly Piece[]): Truth {
  const pace = pieces.length === 1 ? pieces[0]!.pace : 1;
  const zones = truth.zones.map((zone) => ({ ...zone, events: retimeStays(zone.events, pieces) }));
  return {
    ...truth,
    lines: truth.lines.map((line) => ({
      ...line,
      crossings: line.crossings.flatMap((crossing) =>
        whenPlayed(crossing.t, pieces, ON_LINE_SECONDS).map(({ t, backwards, slack }) => ({
          ...crossing,
          t,
          dir: backwards ? OPPOSITE[crossing.dir] : crossing.dir,
          tol: Math.max(crossing.tol, slack),
        })),
      ),
    })),
    zones,
    loitering: truth.loitering.map((spec) => {
      const after = spec.after_s / pace;
      const stays = zones.find((zone) => zone.id === spec.zone)?.events ?? [];
      const lasting = stays.filter(
        ({ enter, leave }) =>
          typeof enter === 'number' && typeof leave === 'number' && leave - enter >= after + NEAR_SECONDS,
      );
      const expect = lasting.map(({ object, enter }) => ({ object, t: enter! + after, tol: 1 }));
      return { ...spec, after_s: after, expect };
    }),
    tailgating:
      pieces.length === 1
        ? truth.tailgating.map((spec) => ({ ...spec, window_s: spec.window_s / pace }))
        : [],
  };
}

type Stay = Truth['zones'][number]['events'][number];

function retimeStays(stays: readonly Stay[], pieces: readonly Piece[]): Stay[] {
  return [...new Set(stays.map((stay) => stay.object))].flatMap((object) => {
    const own = stays.filter((stay) => stay.object === object);
    const changes = own
      .flatMap(({ enter, leave }) => [
        ...(typeof enter === 'number' ? moves(enter, true, pieces) : []),
        ...(typeof leave === 'number' ? moves(leave, false, pieces) : []),
      ])
      .sort((a, b) => a.t - b.t);
    const result: Stay[] = [];
    for (const { t, enters } of changes) {
      if (enters) result.push({ object, enter: t });
      else if (result.length > 0 && result.at(-1)!.leave === undefined) result.at(-1)!.leave = t;
      else result.push({ object, leave: t });
    }
    return result;
  });
}

function moves(at: number, enters: boolean, pieces: readonly Piece[]): Array<{ t: number; enters: boolean }> {
  return whenPlayed(at, pieces, 0).map(({ t, backwards }) => ({ t, enters: enters !== backwards }));
}

/** When a moment of the clip is played, and which way; not where the play turns within `turnSeconds` of it. */
function whenPlayed(
  at: number,
  pieces: readonly Piece[],
  turnSeconds: number,
): Array<{ t: number; backwards: boolean; slack: number }> {
  const times: Array<{ t: number; backwards: boolean; slack: number }> = [];
  let start = 0;
  let lingered = 0;
  for (const [index, piece] of pieces.entries()) {
    const backwards = piece.to < piece.from;
    const [low, high] = backwards ? [piece.to, piece.from] : [piece.from, piece.to];
    const isPlayed = piece.lingerSeconds === undefined && at >= low && at < high;
    const next = pieces[index + 1];
    const before = pieces[index - 1];
    const turnsAtEnd =
      next !== undefined && next.to < next.from !== backwards && Math.abs(piece.to - at) <= turnSeconds;
    const turnsAtStart =
      before !== undefined &&
      before.to < before.from !== backwards &&
      Math.abs(piece.from - at) <= turnSeconds;
    if (isPlayed && !turnsAtEnd && !turnsAtStart) {
      const isAfterLinger = before?.lingerSeconds !== undefined && Math.abs(piece.from - at) <= turnSeconds;
      times.push({
        t: start + Math.abs(at - piece.from) / piece.pace,
        backwards,
        slack: isAfterLinger ? lingered + 0.75 : 0,
      });
    }
    lingered = piece.lingerSeconds ?? 0;
    start += secondsOf(piece);
  }
  return times;
}
