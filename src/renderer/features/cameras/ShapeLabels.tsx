/** Names of lines, zones and masks over the picture, each a button that selects it. */
import { t } from '@lingui/core/macro';
import type { Point } from '../../../shared/geometry.ts';
import { type Draft, type Selection, type ShapeKind, useDraft } from './draft-store.ts';
import styles from './PictureEditor.module.css';

/** A shape that begins so high in the picture has its name below its top. */
const BELOW = 0.08;
/** Above a shape as far as the picture reaches, pixels. */
const LEAST_TOP = 32;

export function ShapeLabels({ draft, selection }: { draft: Draft; selection: Selection }) {
  const shapes = [
    ...draft.zones.map((zone, index) => ({
      kind: 'zone' as const,
      index,
      name: zone.name,
      at: topOf(zone.polygons[0]?.points ?? []),
    })),
    ...(draft.analysis.masks ?? []).map(({ points }, index) => ({
      kind: 'mask' as const,
      index,
      name: `${index + 1}`,
      at: topOf(points),
    })),
    ...draft.lines.map((line, index) => ({
      kind: 'line' as const,
      index,
      name: line.name,
      at: line.points[0],
    })),
  ];
  return shapes.map(
    ({ kind, index, name, at }) =>
      at && (
        <button
          key={`${kind}-${index}`}
          type="button"
          className={styles.name}
          style={{
            left: `max(${at.x * 100}%, 6px)`,
            top: at.y < BELOW ? `${at.y * 100}%` : `max(${at.y * 100}%, ${LEAST_TOP}px)`,
          }}
          data-below={at.y < BELOW || undefined}
          aria-pressed={selection?.kind === kind && selection.index === index}
          aria-label={labelOf(kind, name)}
          onClick={() => useDraft.getState().select({ kind, index })}
        >
          {kind === 'mask' ? t`Mask ${name}` : name || t`Unnamed`}
        </button>
      ),
  );
}

function labelOf(kind: ShapeKind, name: string): string {
  if (kind === 'line') return t`Line ${name}`;
  return kind === 'zone' ? t`Zone ${name}` : t`Mask ${name}`;
}

function topOf(points: readonly Point[]): Point | undefined {
  return points.reduce<Point | undefined>((top, point) => (top && top.y <= point.y ? top : point), undefined);
}
