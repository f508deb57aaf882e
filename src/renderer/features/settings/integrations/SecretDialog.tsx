/** Shows what was just made and is never shown again. */
import { Trans } from '@lingui/react/macro';
import { Button } from '../../../ui/Button.tsx';
import { CopyField } from '../../../ui/CopyField.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import styles from '../SettingsPage.module.css';

export interface SecretDialogProps {
  title: string;
  description: string;
  /** Null: closed. */
  values: ReadonlyArray<{ label: string; value: string }> | null;
  onDone: () => void;
}

export function SecretDialog({ title, description, values, onDone }: SecretDialogProps) {
  return (
    <Dialog
      open={values !== null}
      onOpenChange={(open) => !open && onDone()}
      title={title}
      description={description}
      actions={
        <Button tone="primary" onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      }
    >
      <div className={styles.form}>
        {values?.map(({ label, value }) => (
          <CopyField key={label} label={label} value={value} />
        ))}
      </div>
    </Dialog>
  );
}
