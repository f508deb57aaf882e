/** Asks for a token's name and for what it may be used. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { z } from 'zod';
import { TOKEN_SCOPES, type TokenCreatedSchema } from '../../../shared/contract.ts';
import { api } from '../../client/api.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Checkbox, TextField } from '../../ui/Field.tsx';
import { SubmitForm } from '../../ui/SubmitForm.tsx';
import { SCOPE_WORDS } from './token-words.ts';

export interface NewTokenDialogProps {
  open: boolean;
  onClose: () => void;
  onCreated: (token: z.infer<typeof TokenCreatedSchema>) => void;
}

export function NewTokenDialog({ open, onClose, onCreated }: NewTokenDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t`New token`}
      description={t`Name it after the program that will use it.`}
    >
      {open && <TokenForm onClose={onClose} onCreated={onCreated} />}
    </Dialog>
  );
}

function TokenForm({ onClose, onCreated }: Omit<NewTokenDialogProps, 'open'>) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Array<(typeof TOKEN_SCOPES)[number]>>(['user']);
  return (
    <SubmitForm
      action={t`Create token`}
      disabled={name.trim() === '' || scopes.length === 0}
      onSubmit={async () => onCreated(await api.addToken({ name: name.trim(), scopes }))}
      onCancel={onClose}
    >
      <TextField
        label={t`Token name`}
        value={name}
        autoFocus
        placeholder={t`Door controller`}
        onChange={(event) => setName(event.target.value)}
      />
      <div>
        {TOKEN_SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            label={SCOPE_WORDS[scope]}
            hint={scope}
            checked={scopes.includes(scope)}
            onChecked={(on) =>
              setScopes(TOKEN_SCOPES.filter((one) => (one === scope ? on : scopes.includes(one))))
            }
          />
        ))}
      </div>
    </SubmitForm>
  );
}
