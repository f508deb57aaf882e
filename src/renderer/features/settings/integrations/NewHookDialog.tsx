/** Asks for the words that an event has to fit, and for whom to tell. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { HookView } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';

export interface NewHookDialogProps {
  open: boolean;
  onClose: () => void;
  onCreated: (hook: HookView) => void;
}

export function NewHookDialog({ open, onClose, onCreated }: NewHookDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t`New hook`}
      description={t`Each event is sent once, as a POST; without an answer it is tried again after 1, 5 and 25 s.`}
    >
      {open && <HookForm onCreated={onCreated} onClose={onClose} />}
    </Dialog>
  );
}

function HookForm({ onCreated, onClose }: Omit<NewHookDialogProps, 'open'>) {
  const [query, setQuery] = useState('');
  const [callbackUrl, setCallbackUrl] = useState('');

  return (
    <SubmitForm
      action={t`Add hook`}
      disabled={query.trim() === '' || !/^https?:\/\/./i.test(callbackUrl.trim())}
      onSubmit={async () => {
        onCreated(await camioApi.addHook({ query, callbackUrl }));
        onClose();
      }}
      onCancel={onClose}
    >
      <TextField
        label={t`Words`}
        hint={t`Names of cameras, and words that the labels must have.`}
        value={query}
        autoFocus
        placeholder="front people approaching mailbox"
        onChange={(event) => setQuery(event.target.value)}
      />
      <TextField
        label={t`Address`}
        type="url"
        value={callbackUrl}
        placeholder="http://192.168.1.20/alarm"
        onChange={(event) => setCallbackUrl(event.target.value)}
      />
    </SubmitForm>
  );
}
