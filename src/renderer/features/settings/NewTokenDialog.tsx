/** Makes a token and shows it once. */
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { TOKEN_SCOPES, type TokenCreatedSchema } from '../../../shared/contract.ts';
import { api } from '../../client/api.ts';
import { Button } from '../../ui/Button.tsx';
import { CopyField } from '../../ui/CopyField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Checkbox, TextField } from '../../ui/Field.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import styles from './SettingsPage.module.css';
import { SCOPE_WORDS } from './token-words.ts';

type TokenCreated = z.infer<typeof TokenCreatedSchema>;

export interface NewTokenDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onCreated: (token: TokenCreated) => void;
}

export function NewTokenDialog({ open, onOpenChange, onCreated }: NewTokenDialogProps) {
  const [created, setCreated] = useState<TokenCreated | null>(null);
  const close = (next: boolean) => {
    if (!next) setCreated(null);
    onOpenChange(next);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={created ? 'Copy the token now' : 'New token'}
      description={
        created
          ? `This is the only time that the token of ${created.name} is shown.`
          : 'Name it after the program that will use it.'
      }
    >
      {created ? (
        <Secret token={created.token} onDone={() => close(false)} />
      ) : (
        <TokenForm
          onCancel={() => close(false)}
          onCreated={(token) => {
            setCreated(token);
            onCreated(token);
          }}
        />
      )}
    </Dialog>
  );
}

function TokenForm({
  onCancel,
  onCreated,
}: {
  onCancel: () => void;
  onCreated: (token: TokenCreated) => void;
}) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Array<(typeof TOKEN_SCOPES)[number]>>(['user']);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onCreated(await api.addToken({ name: name.trim(), scopes }));
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextField
        label="Token name"
        value={name}
        autoFocus
        placeholder="Door controller"
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
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <div className={styles.actions}>
        <Button type="submit" tone="primary" busy={busy} disabled={name.trim() === '' || scopes.length === 0}>
          Create token
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}

function Secret({ token, onDone }: { token: string; onDone: () => void }) {
  return (
    <div className={styles.form}>
      <CopyField label="Token" value={token} />
      <div className={styles.actions}>
        <Button tone="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
