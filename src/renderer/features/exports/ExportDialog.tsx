/** Asks what is to be exported of a range, in which form, why and where to. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import type { EpochRange } from '../../../shared/units.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { exportsApi } from '../../client/exports-api.ts';
import { navigate } from '../../client/router.tsx';
import { formatSpan, formatZone } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Checkbox, TextField } from '../../ui/Field.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import { Segments } from '../../ui/Tabs.tsx';
import { showToast } from '../../ui/Toast.tsx';
import { rangeWords } from '../locks/lock-words.ts';
import { DestinationField } from './DestinationField.tsx';
import styles from './ExportDialog.module.css';
import { ExportOptionsFields } from './ExportOptionsFields.tsx';
import { buildExportInput, type ExportDraft, newDraft } from './export-draft.ts';

export interface ExportDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Those that are ticked at first. */
  cameraIds: readonly string[];
  range: EpochRange;
}

export function ExportDialog({ open, onOpenChange, cameraIds, range }: ExportDialogProps) {
  const lengthMs = range.endEpochMs - range.startEpochMs;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t`Export footage`}
      description={`${rangeWords(range)} ${formatZone(range.endEpochMs)} (${formatSpan(lengthMs)})`}
    >
      <ExportForm cameraIds={cameraIds} range={range} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ExportForm({
  cameraIds,
  range,
  onDone,
}: Pick<ExportDialogProps, 'cameraIds' | 'range'> & { onDone: () => void }) {
  const [draft, setDraft] = useState<ExportDraft>(() => newDraft(cameraIds));
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (patch: Partial<ExportDraft>) => setDraft((old) => ({ ...old, ...patch }));
  const isEvidence = draft.form === 'evidence';
  const isReady = draft.cameraIds.length > 0 && (!isEvidence || draft.reason.trim() !== '');

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await exportsApi.addExport(buildExportInput(draft, range));
      showToast(isEvidence ? t`The evidence package is being made.` : t`The footage is being exported.`, {
        action: { label: t`Show exports`, run: () => navigate('/exports') },
      });
      onDone();
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <div className={styles.part}>
        <Segments
          label={t`Form`}
          value={draft.form}
          options={[
            { value: 'clip', label: t`Clip` },
            { value: 'evidence', label: t`Evidence package` },
          ]}
          onValue={(value) => change({ form: value === 'evidence' ? 'evidence' : 'clip' })}
        />
        <p className={styles.hint}>
          {isEvidence
            ? t`A folder with the unchanged recordings, a signed list of them, and a page that plays and checks them.`
            : t`Ordinary MP4 files, one per camera.`}
        </p>
      </div>
      <CamerasField chosen={draft.cameraIds} onChosen={(chosen) => change({ cameraIds: chosen })} />
      <TextField
        label={isEvidence ? t`Reason` : t`Reason (optional)`}
        hint={isEvidence ? t`Stands in the package and in the audit log.` : t`Stands in the audit log.`}
        value={draft.reason}
        maxLength={500}
        placeholder={t`For the police, case 2026-114`}
        onChange={(event) => change({ reason: event.target.value })}
      />
      <DestinationField value={draft.driveId} onValue={(driveId) => change({ driveId })} />
      <ExportOptionsFields draft={draft} onChange={change} range={range} />
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={styles.actions}>
        <Button onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" tone="primary" busy={busy} disabled={!isReady}>
          {isEvidence ? t`Export evidence` : t`Export clip`}
        </Button>
      </div>
    </form>
  );
}

function CamerasField({
  chosen,
  onChosen,
}: {
  chosen: readonly string[];
  onChosen: (ids: string[]) => void;
}) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  if (cameras.length < 2) return null;
  return (
    <fieldset className={styles.cameras}>
      <legend>
        <Trans>Cameras</Trans>
      </legend>
      <div className={styles.list}>
        {cameras.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChecked={(on) => onChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
          />
        ))}
      </div>
    </fieldset>
  );
}
