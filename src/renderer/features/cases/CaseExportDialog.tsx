/** Asks why and where to a case is handed over, and has one evidence package made of all its footage. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { CaseDetail } from '../../../shared/cases.ts';
import { casesApi } from '../../client/cases-api.ts';
import { navigate } from '../../client/router.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Checkbox, TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { showToast } from '../../ui/Toast.tsx';
import { DestinationField } from '../exports/DestinationField.tsx';
import { NO_DRIVE } from '../exports/export-draft.ts';

export function CaseExportDialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  one: CaseDetail;
}) {
  const { open, onOpenChange, one } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t`Export case`}
      description={t`One evidence package with the unchanged recordings of everything in this case, a signed list of them, and a page that plays and checks them.`}
    >
      <CaseExportForm one={one} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function CaseExportForm({ one, onDone }: { one: CaseDetail; onDone: () => void }) {
  const [reason, setReason] = useState([one.reference, one.title].filter(Boolean).join(' '));
  const [drive, setDrive] = useState(NO_DRIVE);
  const [audio, setAudio] = useState(true);
  const [compatible, setCompatible] = useState(false);
  return (
    <SubmitForm
      action={t`Export case`}
      disabled={reason.trim() === ''}
      onSubmit={async () => {
        const driveId = drive === NO_DRIVE ? null : drive;
        await casesApi.exportCase(one.id, { reason: reason.trim(), driveId, audio, compatible });
        showToast(t`The evidence package is being made.`, {
          action: { label: t`Show exports`, run: () => navigate('/exports') },
        });
        onDone();
      }}
      onCancel={onDone}
    >
      <TextField
        label={t`Reason`}
        hint={t`Stands in the package and in the audit log.`}
        value={reason}
        autoFocus
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      <DestinationField value={drive} onValue={setDrive} />
      <Checkbox label={t`With sound`} checked={audio} onChecked={setAudio} />
      <Checkbox
        label={t`Copies for old players`}
        hint={t`H.264 beside recordings of H.265. Takes longer.`}
        checked={compatible}
        onChecked={setCompatible}
      />
    </SubmitForm>
  );
}
