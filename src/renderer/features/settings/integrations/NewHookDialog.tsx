/** Asks for the words that an event has to fit, and for whom to tell. */
import { type FormEvent, useState } from 'react';
import type { HookView } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { ErrorNote } from '../../../ui/States.tsx';
import styles from '../SettingsPage.module.css';

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
      title="New hook"
      description="Each event is sent once, as a POST; without an answer it is tried again after 1, 5 and 25 s."
    >
      {open && <HookForm onCreated={onCreated} onClose={onClose} />}
    </Dialog>
  );
}

function HookForm({ onCreated, onClose }: Omit<NewHookDialogProps, 'open'>) {
  const [query, setQuery] = useState('');
  const [callbackUrl, setCallbackUrl] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onCreated(await camioApi.addHook({ query, callbackUrl }));
      onClose();
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextField
        label="Words"
        hint="Names of cameras, and words that the labels must have."
        value={query}
        autoFocus
        placeholder="front people approaching mailbox"
        onChange={(event) => setQuery(event.target.value)}
      />
      <TextField
        label="Address"
        type="url"
        value={callbackUrl}
        placeholder="http://192.168.1.20/alarm"
        onChange={(event) => setCallbackUrl(event.target.value)}
      />
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={styles.actions}>
        <Button
          type="submit"
          tone="primary"
          busy={busy}
          disabled={query.trim() === '' || !/^https?:\/\/./i.test(callbackUrl.trim())}
        >
          Add hook
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
