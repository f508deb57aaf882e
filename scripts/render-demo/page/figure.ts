/** A person, dressed and posed. Metres; faces +z; the origin is between the feet. */
import { Group, MeshLambertMaterial, Vector3 } from 'three';
import {
  type Arm,
  buildArm,
  buildHead,
  buildLeg,
  buildLuggage,
  buildTorso,
  type FigureLook,
  type Leg,
} from './body-parts.ts';
import { type LegPose, poseAt, strideLength } from './gait.ts';
import { cloth } from './materials.ts';
import type { WalkState } from './walk.ts';

export class Figure {
  readonly root = new Group();
  private readonly look: FigureLook;
  private readonly hips = new Group();
  private readonly chest = new Group();
  private readonly head = new Group();
  private readonly legs: { left: Leg; right: Leg };
  private readonly arms: { left: Arm; right: Arm };
  private readonly unit: number;

  constructor(look: FigureLook) {
    this.look = look;
    this.unit = look.heightMetres / 1.75;
    const skin = new MeshLambertMaterial({ color: look.skin });
    const top = cloth(look.top.colour, look.seed, look.top.pattern);
    const trousers = cloth(look.trousers.colour, look.seed + 1, look.trousers.denim ? 'denim' : 'plain');
    const shoes = new MeshLambertMaterial({ color: look.shoes });
    this.root.add(this.hips);
    this.hips.scale.setScalar(this.unit);
    this.hips.add(this.chest);
    buildTorso(look, this.hips, this.chest, top, trousers);
    buildHead(look, this.chest, this.head, skin);
    this.legs = {
      left: buildLeg(look, this.hips, -1, trousers, shoes),
      right: buildLeg(look, this.hips, 1, trousers, shoes),
    };
    this.arms = {
      left: buildArm(look, this.chest, -1, top, skin),
      right: buildArm(look, this.chest, 1, top, skin),
    };
    if (look.carries) buildLuggage(look, this.chest, look.carries);
    this.root.traverse((part) => {
      part.castShadow = part.receiveShadow = true;
    });
  }

  /** Puts the figure where the walk says, in mid-step. */
  pose(state: WalkState, seconds: number): void {
    const cycle = (state.distance / strideLength(this.look.heightMetres)) * Math.PI * 2;
    const body = poseAt(cycle + this.look.seed, state.amount);
    // Nobody stands like a post.
    const sway = Math.sin(seconds * 1.3 + this.look.seed) * 0.03 * (1 - state.amount);
    const leftDepth = setLeg(this.legs.left, body.left);
    const rightDepth = setLeg(this.legs.right, body.right);
    this.hips.position.y = Math.max(leftDepth, rightDepth) * this.unit;
    this.chest.rotation.set(body.lean, -body.twist + sway, sway * 0.6);
    this.hips.rotation.set(0, body.twist * 0.5, 0);
    setArm(this.arms.left, body.leftArm.shoulder, body.leftArm.elbow);
    const gesture = state.gesture ? state.gestureAmount : 0;
    const reach =
      state.gesture === 'phone' ? { shoulder: 0.65, elbow: 1.75 } : { shoulder: 1.15, elbow: 0.45 };
    setArm(
      this.arms.right,
      body.rightArm.shoulder * (1 - gesture) + reach.shoulder * gesture,
      body.rightArm.elbow * (1 - gesture) + reach.elbow * gesture,
    );
    this.head.rotation.set(
      state.gesture === 'phone' ? 0.35 * gesture : 0,
      Math.sin(seconds * 0.7 + this.look.seed * 2) * 0.22,
      0,
    );
    this.root.position.set(state.x, 0, state.z);
    this.root.rotation.y = state.heading;
    this.root.updateMatrixWorld(true);
  }

  /** Points on the outline in world space, for the true box. */
  outline(): Vector3[] {
    const { unit } = this;
    const points: Vector3[] = [];
    const add = (part: Group, offsets: Array<[number, number, number]>) => {
      for (const [x, y, z] of offsets) points.push(part.localToWorld(new Vector3(x, y, z)));
    };
    add(this.head, [
      [0, 0.14, 0],
      [0.08, 0, 0],
      [-0.08, 0, 0],
      [0, 0, 0.1],
      [0, 0, -0.1],
    ]);
    const wide = 0.23 * this.look.girth;
    add(this.chest, [
      [wide, 0.45, 0],
      [-wide, 0.45, 0],
      [wide * 0.7, 0.1, 0],
      [-wide * 0.7, 0.1, 0],
      [wide * 0.5, -0.25, 0],
      [-wide * 0.5, -0.25, 0],
      [0, 0.3, 0.13 * this.look.girth],
      [0, 0.3, -0.13 * this.look.girth],
    ]);
    for (const { foot } of [this.legs.left, this.legs.right]) {
      add(foot, [
        [0.05, -0.08, 0.19],
        [-0.05, -0.08, 0.19],
        [0.05, -0.08, -0.08],
        [-0.05, -0.08, -0.08],
      ]);
    }
    for (const { fore } of [this.arms.left, this.arms.right]) add(fore, [[0, -0.36 * unit, 0]]);
    return points;
  }
}

/** Returns how far the lowest point of the foot lies below the hip's origin. */
function setLeg(leg: Leg, pose: LegPose): number {
  leg.thigh.rotation.x = -pose.hip;
  leg.shin.rotation.x = pose.knee;
  leg.foot.rotation.x = pose.foot + pose.hip - pose.knee;
  const shinAngle = pose.hip - pose.knee;
  const ankle = 0.03 + 0.43 * Math.cos(pose.hip) + 0.4 * Math.cos(shinAngle);
  const tip = pose.foot > 0 ? 0.15 * Math.sin(pose.foot) : 0.06 * Math.sin(-pose.foot);
  return ankle + 0.08 * Math.cos(pose.foot) + tip;
}

function setArm(arm: Arm, shoulder: number, elbow: number): void {
  arm.upper.rotation.x = -shoulder;
  arm.fore.rotation.x = -elbow;
}
