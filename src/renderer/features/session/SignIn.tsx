/** Sign-in with the account's e-mail and password. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { api } from '../../client/api.ts';
import { RequestError } from '../../client/http.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useDocumentTitle } from '../../ui/Page.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import styles from './SessionGate.module.css';
import { useSession } from './session-store.ts';

export function SignIn() {
  useDocumentTitle(t`Sign in`);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      useSession.getState().put(await api.signIn({ email, password }));
    } catch (thrown) {
      const wrong = thrown instanceof RequestError && thrown.status === 401;
      setProblem(
        wrong
          ? t`E-mail or password is wrong. Check both and try again.`
          : thrown instanceof Error
            ? thrown.message
            : String(thrown),
      );
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={submit} aria-label={t`Sign in`}>
      <div>
        <h1>
          <Trans>Sign in</Trans>
        </h1>
        <p className={styles.lead}>
          <Trans>Recording goes on whether anybody is signed in or not.</Trans>
        </p>
      </div>
      <TextField
        label={t`E-mail`}
        type="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t`Password`}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <Button type="submit" tone="primary" busy={busy}>
        <Trans>Sign in</Trans>
      </Button>
    </form>
  );
}
