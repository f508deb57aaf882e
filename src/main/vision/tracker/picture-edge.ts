/** What the picture's edge does to boxes: which sides it cuts, and when the rest is no longer a person. Pure. */
import type { LabelGroup } from '../../../shared/domain-events.ts';
import type { Box } from '../../../shared/geometry.ts';

const EDGE = 0.012;
/** A standing person is taller than wide, and what an edge cuts from the side is narrower still; arms that reach in are not. */
const UPRIGHT = 1.15;

export interface CutEdges {
  left: boolean;
  right: boolean;
  top: boolean;
  bottom: boolean;
  any: boolean;
}

export function cutEdges(box: Box): CutEdges {
  const left = box.x <= EDGE;
  const right = box.x + box.width >= 1 - EDGE;
  const top = box.y <= EDGE;
  const bottom = box.y + box.height >= 1 - EDGE;
  return { left, right, top, bottom, any: left || right || top || bottom };
}

/** The one side of the picture that cuts the box; null for none, and for both. */
export function cutsOneSide(box: Box): 'left' | 'right' | null {
  const { left, right } = cutEdges(box);
  return left === right ? null : left ? 'left' : 'right';
}

/** Whether a 'person' box at the edge has the shape of an arm or a hand that reaches into the picture. */
export function isFragment(group: LabelGroup, box: Box, aspectRatio: number): boolean {
  return group === 'person' && cutEdges(box).any && box.height < UPRIGHT * box.width * aspectRatio;
}

/** Whether a box fills so much of the picture, edge to edge, that only a sure detector may say so: noise looks like that. */
export function isOverwhelming(box: Box): boolean {
  const cut = cutEdges(box);
  const edges = [cut.left, cut.right, cut.top, cut.bottom].filter(Boolean).length;
  return edges >= 2 && box.width * box.height > 0.25;
}
