/** Names of lines and zones over the picture, each a button that selects it. */
import { type Draft, type Selection, useDraft } from './draft-store.ts';
import styles from './PictureEditor.module.css';

export function ShapeLabels({ draft, selection }: { draft: Draft; selection: Selection }) {
  const shapes = [
    ...draft.zones.map((zone, index) => ({
      kind: 'zone' as const,
      index,
      name: zone.name,
      at: zone.polygons[0]?.points.reduce((top, point) => (point.y < top.y ? point : top)),
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
          style={{ left: `${at.x * 100}%`, top: `${at.y * 100}%` }}
          data-below={at.y < 0.08 || undefined}
          aria-pressed={selection?.kind === kind && selection.index === index}
          aria-label={`${kind === 'line' ? 'Line' : 'Zone'} ${name}`}
          onClick={() => useDraft.getState().select({ kind, index })}
        >
          {name || 'Unnamed'}
        </button>
      ),
  );
}
