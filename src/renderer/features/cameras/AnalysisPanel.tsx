/** What is looked for in a camera's pictures, and how closely. */

import { t } from '@lingui/core/macro';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { formatNumber } from '../../client/language.ts';
import { Switch } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { useDraft } from './draft-store.ts';
import styles from './Panels.module.css';

export function AnalysisPanel({ camera }: { camera: CameraView }) {
  const { draft, change } = useDraft();
  if (!draft) return null;
  const { analysis } = draft;
  const { analysisProblem, analysedFps } = camera.status;
  const put = (part: Partial<typeof analysis>) => change({ analysis: { ...analysis, ...part } });
  return (
    <div className={styles.panel}>
      {analysisProblem && <ErrorNote>{analysisProblem}</ErrorNote>}
      <Switch
        label={t`Look for people, vehicles and animals`}
        hint={t`Needed for lines, zones and tailgating. Nothing leaves this machine.`}
        checked={analysis.enabled}
        onChecked={(enabled) => put({ enabled })}
      />
      {analysis.enabled && (
        <>
          <NumberField
            label={t`Pictures per second`}
            value={analysis.fps}
            min={0.5}
            max={30}
            step={0.5}
            unit="fps"
            hint={
              analysedFps === null
                ? t`Five are enough for people on foot.`
                : t`Now ${formatNumber(analysedFps, { exactly: 1 })}. Five are enough for people on foot.`
            }
            onValue={(fps) => put({ fps })}
          />
          <NumberField
            label={t`Least confidence`}
            value={Math.round(analysis.minConfidence * 100)}
            min={5}
            max={99}
            unit="%"
            hint={t`Lower finds more, and is wrong more often.`}
            onValue={(percent) => put({ minConfidence: percent / 100 })}
          />
          <Switch
            label={t`Camera looks steeply down`}
            hint={t`From above people look unlike people: whatever moves like one counts as one.`}
            checked={analysis.overheadView}
            onChecked={(overheadView) => put({ overheadView })}
          />
        </>
      )}
    </div>
  );
}
