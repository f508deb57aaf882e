/** Registers an application for OAuth: its id, and where it may be returned to. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { z } from 'zod';
import type { OAuthClientCreatedSchema } from '../../../../shared/contract-camio.ts';
import { camioApi } from '../../../client/camio-api.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';

export interface NewOAuthClientDialogProps {
  open: boolean;
  onClose: () => void;
  onCreated: (client: z.infer<typeof OAuthClientCreatedSchema>) => void;
}

export function NewOAuthClientDialog({ open, onClose, onCreated }: NewOAuthClientDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t`New OAuth client`}
      description={t`As the application’s maker gives it.`}
    >
      {open && <ClientForm onCreated={onCreated} onClose={onClose} />}
    </Dialog>
  );
}

function ClientForm({ onCreated, onClose }: Omit<NewOAuthClientDialogProps, 'open'>) {
  const [clientId, setClientId] = useState('');
  const [redirects, setRedirects] = useState('');
  const redirectUris = redirects.split(/[\s,]+/).filter((uri) => uri !== '');

  return (
    <SubmitForm
      action={t`Create client`}
      disabled={
        clientId.trim() === '' || redirectUris.length === 0 || !redirectUris.every((uri) => URL.canParse(uri))
      }
      onSubmit={async () => onCreated(await camioApi.addOAuthClient({ clientId, redirectUris }))}
      onCancel={onClose}
    >
      <TextField
        label={t`Client id`}
        value={clientId}
        autoFocus
        spellCheck={false}
        placeholder="door-app"
        onChange={(event) => setClientId(event.target.value)}
      />
      <TextField
        label={t`Redirect URI`}
        hint={t`Where you return to afterwards, exactly; several with blanks between. The first one counts where none is named.`}
        value={redirects}
        spellCheck={false}
        placeholder="https://app.example.com/callback"
        onChange={(event) => setRedirects(event.target.value)}
      />
    </SubmitForm>
  );
}
