/** The fields of a dialog with the button that sends them: busy meanwhile, a failure in words above the buttons. */
import { Trans } from '@lingui/react/macro';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { ErrorNote } from './States.tsx';
import styles from './SubmitForm.module.css';

export interface SubmitFormProps {
  children: ReactNode;
  /** The word on the button. */
  action: string;
  /** The fields cannot be sent as they are. */
  disabled: boolean;
  /** Throws what the user should read. */
  onSubmit: () => Promise<void>;
  onCancel: () => void;
}

export function SubmitForm({ children, action, disabled, onSubmit, onCancel }: SubmitFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit();
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {children}
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={styles.actions}>
        <Button onClick={onCancel}>
          <Trans>Cancel</Trans>
        </Button>
        <Button type="submit" tone="primary" busy={busy} disabled={disabled}>
          {action}
        </Button>
      </div>
    </form>
  );
}
