/** Asks for a name: of something new, or a new one. */
import { useEffect, useState } from 'react';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';

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
  useEffect(() => setText(name), [name]);

  return (
    <SubmitForm
      action={action}
      disabled={text.trim() === '' || text.trim() === name}
      onSubmit={async () => {
        await onName(text.trim());
        onClose();
      }}
      onCancel={onClose}
    >
      <TextField
        label={label}
        value={text}
        autoFocus
        maxLength={200}
        placeholder={placeholder}
        onChange={(event) => setText(event.target.value)}
      />
    </SubmitForm>
  );
}
