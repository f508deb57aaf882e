import { expect, test } from 'vitest';
import type { Detection } from '../detector/detection.ts';
import { follow, person } from './tracker-fixture.ts';

test('who leaves at the edge is soon given up, and another who comes in there is another', () => {
  const { all } = follow(8, (t) => [
    t < 3 ? person(0.7 + 0.1 * t, 0.6) : t > 4.4 && person(1.04 - 0.1 * (t - 4.4), 0.6),
  ]);
  expect(all).toHaveLength(2);
});

test('a box cut by the lower edge stands at 1', () => {
  const { pictures } = follow(4, (t) => [
    { label: 'person', confidence: 0.9, box: { x: 0.2 + 0.1 * t, y: 0.3, width: 0.2, height: 0.695 } },
  ]);
  expect(pictures.at(-1)!.tracks[0]!.foot.y).toBe(1);
});

/** What the picture shows of a box. */
function cut({ box, ...rest }: Detection): Detection | false {
  const [left, right] = [Math.max(0, box.x), Math.min(1, box.x + box.width)];
  return right - left > 0.01 && { ...rest, box: { ...box, x: left, width: right - left } };
}

test.each([
  ['right', (x: number) => x],
  ['left', (x: number) => 1 - x],
])('the foot of who walks out of the picture on the %s goes out with them', (_, mirror) => {
  const way = (t: number) => mirror(0.6 + 0.1 * t);
  const { pictures } = follow(4, (t) => [cut(person(way(t), 0.8, 0.8, 0.4, 0.12))]);
  for (const { t, tracks } of pictures.filter(({ t }) => t > 1 && t <= 4))
    expect(Math.abs(tracks[0]!.foot.x - way(t))).toBeLessThan(0.015);
});

test('who comes into the picture stands in the middle of what is seen of them', () => {
  const { pictures } = follow(3, (t) => [cut(person(-0.05 + 0.1 * t, 0.8, 0.8, 0.4, 0.12))]);
  const first = pictures.find(({ tracks }) => tracks.length > 0)!;
  expect(first.tracks[0]!.earlier?.[0]?.foot.x).toBeLessThan(0.03);
});

test.each<[string, (t: number) => Detection['box']]>([
  [
    'from the side, reaching in and out',
    (t) => ({ x: 0, y: 0.5, width: 0.2 + 0.15 * Math.sin(t), height: 0.15 }),
  ],
  [
    'from below, busy on the table',
    (t) => ({
      x: 0.4 + 0.03 * Math.sin(2 * t),
      y: 0.6 + 0.1 * Math.sin(t),
      width: 0.15,
      height: 0.4 - 0.1 * Math.sin(t),
    }),
  ],
  [
    'from above',
    (t) => ({ x: 0.5 + 0.02 * Math.sin(3 * t), y: 0, width: 0.12, height: 0.35 + 0.1 * Math.sin(t) }),
  ],
])('an arm %s is no person', (_, box) => {
  expect(follow(20, (t) => [{ label: 'person', confidence: 0.75, box: box(t) }]).all).toEqual([]);
});

test('somebody cut by the lower edge who walks along it is a person', () => {
  const walk = (t: number) => ({ x: 0.05 + 0.12 * t, y: 0.55, width: 0.12, height: 0.45 });
  expect(follow(5, (t) => [{ label: 'person', confidence: 0.8, box: walk(t) }]).moved).toHaveLength(1);
});
