/** What can be changed in an export, folded away: most want the footage as it is. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { EpochRange } from '../../../shared/units.ts';
import { Select, Switch } from '../../ui/Field.tsx';
import styles from './ExportDialog.module.css';
import { type ExportDraft, isSlow, TIME_LAPSES } from './export-draft.ts';
import { HiddenRegionsField } from './HiddenRegionsField.tsx';

export function ExportOptionsFields({
  draft,
  onChange,
  range,
}: {
  draft: ExportDraft;
  onChange: (patch: Partial<ExportDraft>) => void;
  range: EpochRange;
}) {
  return (
    <details className={styles.options}>
      <summary>
        <Trans>Options</Trans>
      </summary>
      <div className={styles.fields}>
        <Switch label={t`Sound`} checked={draft.sound} onChecked={(sound) => onChange({ sound })} />
        {draft.form === 'evidence' ? (
          <Switch
            label={t`Copies for old players as well`}
            hint={t`Of H.265, encoded as H.264. The recordings themselves are never changed.`}
            checked={draft.compatible}
            onChecked={(compatible) => onChange({ compatible })}
          />
        ) : (
          <>
            <Switch
              label={t`Camera name and time in the picture`}
              checked={draft.caption}
              onChecked={(caption) => onChange({ caption })}
            />
            <Switch
              label={t`For old players`}
              hint={t`H.264 in place of H.265`}
              checked={draft.compatible}
              onChecked={(compatible) => onChange({ compatible })}
            />
            <Select
              label={t`Time lapse`}
              value={draft.timeLapse}
              options={TIME_LAPSES}
              hint={draft.timeLapse === '' ? undefined : t`Without sound`}
              onValue={(timeLapse) => onChange({ timeLapse })}
            />
            <HiddenRegionsField
              cameraIds={draft.cameraIds}
              hidden={draft.hidden}
              range={range}
              onHidden={(hidden) => onChange({ hidden })}
            />
            {isSlow(draft) && (
              <p className={styles.hint}>
                <Trans>
                  The pictures are encoded anew for this: it takes longer, and the result is no longer what
                  the camera sent.
                </Trans>
              </p>
            )}
          </>
        )}
      </div>
    </details>
  );
}
