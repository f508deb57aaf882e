/** Where somebody is at which time: a smooth way through points on the floor, with stops. Pure but for three.js's curves. */
import { CatmullRomCurve3, Vector3 } from 'three';

export interface WalkPlan {
  startSeconds: number;
  /** Metres per second. */
  speed: number;
  /** On the floor in metres: x to the right, z towards the camera. */
  points: ReadonlyArray<readonly [x: number, z: number]>;
  /** Stops at points, by their index. `face`: the heading to turn to, radians from +z towards +x. */
  stops?: Record<number, { seconds: number; face?: number; gesture?: 'badge' | 'phone' }>;
}

export interface WalkState {
  x: number;
  z: number;
  heading: number;
  /** Metres walked since the start. */
  distance: number;
  /** 0 standing, 1 at full speed. */
  amount: number;
  gesture: 'badge' | 'phone' | null;
  /** 0..1, how far the gesture is made. */
  gestureAmount: number;
}

const STEP_S = 1 / 60;
const ACCELERATION = 2.2;
const TURN_PER_SECOND = 5;

/** The whole walk sampled at 60 Hz; `at` gives null before its start and after its end. */
export function planWalk(plan: WalkPlan): { endSeconds: number; at(seconds: number): WalkState | null } {
  const states: WalkState[] = [];
  const stops = Object.entries(plan.stops ?? {})
    .map(([index, stop]) => ({ index: Number(index), ...stop }))
    .sort((a, b) => a.index - b.index);
  const curve = new CatmullRomCurve3(
    plan.points.map(([x, z]) => new Vector3(x, 0, z)),
    false,
    'centripetal',
  );
  curve.arcLengthDivisions = 400;
  const total = curve.getLength();
  const lengths = curve.getLengths(400);
  const reachOf = (index: number) => lengths[Math.round((index / (plan.points.length - 1)) * 400)]!;
  let distance = 0;
  let speed = stops[0]?.index === 0 ? 0 : plan.speed;
  let heading: number | null = null;
  const push = (gesture: WalkState['gesture'], gestureAmount: number, face?: number) => {
    const u = Math.min(1, distance / total);
    const tangent = curve.getTangentAt(Math.min(u, 0.9999));
    const wanted = face ?? Math.atan2(tangent.x, tangent.z);
    heading = heading === null ? wanted : turn(heading, wanted, TURN_PER_SECOND * STEP_S);
    const point = curve.getPointAt(u);
    const amount = Math.min(1, speed / plan.speed);
    states.push({ x: point.x, z: point.z, heading, distance, amount, gesture, gestureAmount });
  };
  const goals = [
    ...stops.map((stop) => ({ reach: reachOf(stop.index), stop })),
    { reach: total, stop: null },
  ];
  for (const { reach, stop } of goals) {
    while (reach - distance > 0.004) {
      const braking = stop ? Math.sqrt(2 * ACCELERATION * (reach - distance)) + 0.02 : plan.speed;
      speed = Math.min(plan.speed, speed + ACCELERATION * STEP_S, braking);
      distance = Math.min(reach, distance + speed * STEP_S);
      push(null, 0);
    }
    if (!stop) continue;
    for (let waited = 0; waited < stop.seconds; waited += STEP_S) {
      speed = Math.max(0, speed - 4 * STEP_S);
      const edge = Math.min(waited, stop.seconds - waited);
      push(stop.gesture ?? null, Math.min(1, edge / 0.35), stop.face);
    }
  }
  return {
    endSeconds: plan.startSeconds + states.length * STEP_S,
    at: (seconds) => states[Math.round((seconds - plan.startSeconds) / STEP_S)] ?? null,
  };
}

function turn(from: number, to: number, most: number): number {
  const difference = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  return from + Math.max(-most, Math.min(most, difference));
}
