/** Asks for a name: of something new, or a new one. */
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { ErrorNote } from '../../../ui/States.tsx';
import styles from '../SettingsPage.module.css';

export interface NameDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  label: string;
  /** What it is called now. */
  name?: string;
  placeholder?: string;
  /** The word on the button. */
  action: string;
  onName: (name: string) => Promise<void>;
}

export function NameDialog({
  open,
  onClose,
  title,
  description,
  name = '',
  action,
  ...rest
}: NameDialogProps) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      {open && <NameForm {...rest} name={name} action={action} onClose={onClose} />}
    </Dialog>
  );
}

function NameForm({
  label,
  name,
  placeholder,
  action,
  onName,
  onClose,
}: Pick<NameDialogProps, 'label' | 'placeholder' | 'action' | 'onName' | 'onClose'> & { name: string }) {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setText(name), [name]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onName(text.trim());
      onClose();
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextField
        label={label}
        value={text}
        autoFocus
        maxLength={200}
        placeholder={placeholder}
        onChange={(event) => setText(event.target.value)}
      />
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={styles.actions}>
        <Button
          type="submit"
          tone="primary"
          busy={busy}
          disabled={text.trim() === '' || text.trim() === name}
        >
          {action}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
