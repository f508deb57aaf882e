/** The lines, zones and masks of a camera as a list, and the settings of the one that is selected. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { EyeOff, Minus, Pentagon, Trash2 } from 'lucide-react';
import type { MouseEvent } from 'react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { type ShapeKind, useDraft } from './draft-store.ts';
import { addInTheMiddle, deleteShape } from './editor-actions.ts';
import { LineSettings } from './LineSettings.tsx';
import styles from './Panels.module.css';
import { ReadersChoice } from './ReadersChoice.tsx';
import { ZoneSettings } from './ZoneSettings.tsx';

const ICONS = { line: Minus, zone: Pentagon, mask: EyeOff };
const WORDS = { line: t`Line`, zone: t`Zone` };

export function ShapesPanel({ camera, problems }: { camera: CameraView; problems: Record<string, string> }) {
  const { draft, selection, tool, takeTool, select } = useDraft();
  if (!draft) return null;
  const draw = (kind: ShapeKind) => (event: MouseEvent) => {
    // pressed with a key there is no pointer to draw with
    if (event.detail === 0) addInTheMiddle(kind);
    else takeTool(tool === kind ? null : kind);
  };
  const rows = [
    ...draft.lines.map((line, index) => ({ kind: 'line' as const, index, name: line.name })),
    ...draft.zones.map((zone, index) => ({ kind: 'zone' as const, index, name: zone.name })),
    ...(draft.analysis.masks ?? []).map((_, index) => ({
      ...{ kind: 'mask' as const, index, name: t`Mask ${index + 1}` },
    })),
  ];
  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <Button icon={Minus} aria-pressed={tool === 'line'} onClick={draw('line')} className={styles.tool}>
          <Trans>Draw line</Trans>
        </Button>
        <Button icon={Pentagon} aria-pressed={tool === 'zone'} onClick={draw('zone')} className={styles.tool}>
          <Trans>Draw zone</Trans>
        </Button>
        <Button icon={EyeOff} aria-pressed={tool === 'mask'} onClick={draw('mask')} className={styles.tool}>
          <Trans>Draw mask</Trans>
        </Button>
      </div>
      {tool && (
        <p className={styles.note} role="status">
          {tool === 'line'
            ? t`Drag along the threshold in the picture, or click both ends. Escape stops.`
            : t`Drag a rectangle, or click corner after corner and the first one again to close. Escape stops.`}
        </p>
      )}
      {!tool && rows.length === 0 && (
        <p className={styles.note}>
          <Trans>
            Draw a line along a threshold to count who goes in and out and to notice tailgating. Draw a zone
            to notice who enters, stays or gathers in it. Draw a mask over what is not to be looked at: a
            street, a tree, a screen.
          </Trans>
        </p>
      )}
      <ul className={styles.list} aria-label={t`Lines, zones and masks`}>
        {rows.map(({ kind, index, name }) => {
          const selected = selection?.kind === kind && selection.index === index;
          const Icon = ICONS[kind];
          return (
            <li key={`${kind}-${index}`} className={styles.item} data-selected={selected || undefined}>
              <div className={styles.row}>
                <button
                  type="button"
                  className={styles.choose}
                  aria-expanded={selected}
                  onClick={() => select(selected ? null : { kind, index })}
                >
                  <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
                  <span className={styles.rowName}>{name || t`Unnamed`}</span>
                  {kind !== 'mask' && <span className={styles.kind}>{WORDS[kind]}</span>}
                </button>
                <IconButton
                  icon={Trash2}
                  label={t`Delete ${name}`}
                  onClick={() => deleteShape({ kind, index })}
                />
              </div>
              {selected &&
                (kind === 'line' ? (
                  <LineSettings index={index} camera={camera} problems={problems} />
                ) : kind === 'mask' ? (
                  <MaskNote problem={problems[`analysis.masks.${index}`]} />
                ) : (
                  <ZoneSettings index={index} problems={problems} />
                ))}
            </li>
          );
        })}
      </ul>
      <ReadersChoice />
    </div>
  );
}

function MaskNote({ problem }: { problem: string | undefined }) {
  return (
    <div className={styles.settings}>
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <p className={styles.note}>
        <Trans>
          No motion is noticed here, and nobody who stands here is followed. It is recorded all the same.
        </Trans>
      </p>
    </div>
  );
}
