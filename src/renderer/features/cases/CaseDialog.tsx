/** Asks for a case's title, reference number and notes: of a new one, or to change one that is there. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { Case } from '../../../shared/cases.ts';
import { casesApi } from '../../client/cases-api.ts';
import { navigate } from '../../client/router.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextArea, TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';

interface CaseDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** To be changed; absent: a new one is made and opened. */
  one?: Case;
}

export function CaseDialog({ open, onOpenChange, one }: CaseDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={one ? t`Change case` : t`New case`}>
      <CaseFields one={one} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function CaseFields({ one, onDone }: { one: Case | undefined; onDone: () => void }) {
  const [title, setTitle] = useState(one?.title ?? '');
  const [reference, setReference] = useState(one?.reference ?? '');
  const [notes, setNotes] = useState(one?.notes ?? '');

  async function save() {
    const words = { title: title.trim(), reference: reference.trim(), notes: notes.trim() };
    if (one) await casesApi.patchCase(one.id, words);
    else navigate(`/cases/${(await casesApi.addCase(words)).id}`);
    onDone();
  }

  return (
    <SubmitForm
      action={one ? t`Save` : t`Make case`}
      disabled={title.trim() === ''}
      onSubmit={save}
      onCancel={onDone}
    >
      <TextField
        label={t`Title`}
        value={title}
        autoFocus
        maxLength={200}
        placeholder={t`Stolen bicycle`}
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextField
        label={t`Reference number (optional)`}
        hint={t`Of the police or the insurer.`}
        value={reference}
        maxLength={100}
        onChange={(event) => setReference(event.target.value)}
      />
      <TextArea
        label={t`Notes (optional)`}
        value={notes}
        rows={5}
        maxLength={10_000}
        onChange={(event) => setNotes(event.target.value)}
      />
    </SubmitForm>
  );
}
