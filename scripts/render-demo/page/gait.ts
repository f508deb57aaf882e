/** How a person walks: joint angles over the cycle of two steps, after the usual curves of gait analysis. Pure. */

/** Angles in radians: hip flexion (leg forward), knee flexion, pitch of the foot (toe down positive). */
export interface LegPose {
  hip: number;
  knee: number;
  foot: number;
}

export interface BodyPose {
  left: LegPose;
  right: LegPose;
  /** Shoulder flexion (arm forward) and elbow flexion. */
  leftArm: { shoulder: number; elbow: number };
  rightArm: { shoulder: number; elbow: number };
  /** Turn of the shoulders against the hips. */
  twist: number;
  lean: number;
}

const CYCLE = Math.PI * 2;
/** [phase, foot pitch] from heel strike on. */
const FOOT_KEYS: ReadonlyArray<readonly [number, number]> = [
  [0, -0.3],
  [0.5, 0],
  [2.7, 0.05],
  [3.9, 0.75],
  [5, 0.15],
  [CYCLE, -0.3],
];

/** Metres per cycle for a person of this height. */
export function strideLength(heightMetres: number): number {
  return heightMetres * 0.8;
}

/** `phase` in radians (0: the right heel strikes), `amount` from 0 (standing) to 1 (walking). */
export function poseAt(phase: number, amount: number, armSwing = 1): BodyPose {
  const swing = amount * armSwing;
  return {
    right: legAt(phase, amount),
    left: legAt(phase + Math.PI, amount),
    rightArm: {
      shoulder: -0.42 * Math.cos(phase) * swing,
      elbow: 0.18 + 0.3 * swing * (1 - 0.6 * Math.cos(phase)),
    },
    leftArm: {
      shoulder: 0.42 * Math.cos(phase) * swing,
      elbow: 0.18 + 0.3 * swing * (1 + 0.6 * Math.cos(phase)),
    },
    twist: 0.12 * Math.cos(phase) * amount,
    lean: 0.02 + 0.04 * amount,
  };
}

function legAt(phase: number, amount: number): LegPose {
  const at = ((phase % CYCLE) + CYCLE) % CYCLE;
  return {
    hip: (0.06 + 0.4 * Math.cos(at)) * amount,
    knee: 0.05 + amount * (0.06 + 1.0 * bell(at, 4.55, 0.75) + 0.2 * bell(at, 0.9, 0.5)),
    foot: amount * interpolate(FOOT_KEYS, at),
  };
}

function bell(at: number, middle: number, width: number): number {
  const distance = Math.min(Math.abs(at - middle), CYCLE - Math.abs(at - middle));
  return Math.exp(-((distance / width) ** 2));
}

function interpolate(keys: ReadonlyArray<readonly [number, number]>, at: number): number {
  for (let index = 1; index < keys.length; index++) {
    const [from, a] = keys[index - 1]!;
    const [to, b] = keys[index]!;
    if (at > to) continue;
    const part = (at - from) / (to - from);
    return a + (b - a) * part * part * (3 - 2 * part);
  }
  return 0;
}
