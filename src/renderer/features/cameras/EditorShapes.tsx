/** How a line and a zone are drawn in the editor; the line with an arrow to the side that counts as 'in'. */
import { Trans } from '@lingui/react/macro';
import type { Line, Zone } from '../../../shared/domain-camera.ts';
import type { Point } from '../../../shared/geometry.ts';
import styles from './PictureEditor.module.css';
import { centreOf, forwardNormal } from './shape-geometry.ts';

interface DrawingSize {
  index: number;
  selected: boolean;
  /** Size of the drawing in its own units. */
  width: number;
  height: number;
}

export function ZoneDrawing({ zone, index, selected, width, height }: { zone: Zone } & DrawingSize) {
  return zone.polygons.map(({ points }, polygon) => (
    <polygon
      // biome-ignore lint/suspicious/noArrayIndexKey: polygons have no names
      key={polygon}
      className={styles.zone}
      data-shape={`zone-${index}`}
      data-selected={selected || undefined}
      points={points.map(({ x, y }) => `${x * width},${y * height}`).join(' ')}
    />
  ));
}

/** A part that is not looked at: hatched, so that what is below is seen and known to be left out. */
export function MaskDrawing({
  points,
  index,
  selected,
  width,
  height,
}: { points: readonly Point[] } & DrawingSize) {
  return (
    <polygon
      className={styles.mask}
      data-shape={`mask-${index}`}
      data-selected={selected || undefined}
      points={points.map(({ x, y }) => `${x * width},${y * height}`).join(' ')}
    />
  );
}

/** The hatching that masks are filled with. */
export function MaskHatching() {
  return (
    <defs>
      <pattern
        id="mask-hatching"
        width={24}
        height={24}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width={24} height={24} className={styles.hatchGround} />
        <line x1={0} y1={0} x2={0} y2={24} className={styles.hatchLine} />
      </pattern>
    </defs>
  );
}

const ARROW = 64;
const HEAD = 16;

export function LineDrawing({ line, index, selected, width, height }: { line: Line } & DrawingSize) {
  const [a, b] = line.points;
  if (!a || !b) return null;
  const middle = centreOf(line.points);
  const x = middle.x * width;
  const y = middle.y * height;
  const forward = forwardNormal(a, b, width / height);
  const tip = { x: x + forward.x * ARROW, y: y + forward.y * ARROW };
  const side = { x: -forward.y, y: forward.x };
  const head = [-1, 1].map(
    (sign) =>
      `${tip.x - forward.x * HEAD + side.x * HEAD * 0.7 * sign},${tip.y - forward.y * HEAD + side.y * HEAD * 0.7 * sign}`,
  );
  return (
    <g data-shape={`line-${index}`} data-selected={selected || undefined} className={styles.line}>
      <line className={styles.grip} x1={a.x * width} y1={a.y * height} x2={b.x * width} y2={b.y * height} />
      <line className={styles.under} x1={a.x * width} y1={a.y * height} x2={b.x * width} y2={b.y * height} />
      <line className={styles.stroke} x1={a.x * width} y1={a.y * height} x2={b.x * width} y2={b.y * height} />
      <path
        className={styles.under}
        d={`M${x},${y} L${tip.x},${tip.y} M${head[0]} L${tip.x},${tip.y} L${head[1]}`}
      />
      <path
        className={styles.stroke}
        d={`M${x},${y} L${tip.x},${tip.y} M${head[0]} L${tip.x},${tip.y} L${head[1]}`}
      />
    </g>
  );
}

/** 'in' and 'out' beside the line, in the size of the UI whatever the picture's is. */
export function SideLabels({ line, aspect }: { line: Line; aspect: number }) {
  const [a, b] = line.points;
  if (!a || !b) return null;
  const middle = centreOf(line.points);
  const forward = forwardNormal(a, b, aspect);
  const far = (ARROW + 8) / 1000;
  const at = (distance: number) => ({
    left: `${(middle.x + (forward.x * distance) / aspect) * 100}%`,
    top: `${(middle.y + forward.y * distance) * 100}%`,
    // beyond the arrow by the same number of pixels in every size
    marginLeft: forward.x * 12 * Math.sign(distance),
    marginTop: forward.y * 12 * Math.sign(distance),
  });
  return (
    <>
      <span className={styles.side} style={at(far)} aria-hidden="true">
        <Trans>in</Trans>
      </span>
      <span className={styles.side} style={at(-0.012)} aria-hidden="true">
        <Trans>out</Trans>
      </span>
    </>
  );
}
