/** First run: the account that owns this recorder. Afterwards the app opens on where recordings go and the first cameras. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { AccountInputSchema } from '../../../shared/contract.ts';
import { api } from '../../client/api.ts';
import { navigate } from '../../client/router.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useDocumentTitle } from '../../ui/Page.tsx';
import { ErrorNote } from '../../ui/States.tsx';
import styles from './SessionGate.module.css';
import { useSession } from './session-store.ts';

export function FirstRun({ codeNeeded }: { codeNeeded: boolean }) {
  useDocumentTitle(t`Set up`);
  const [values, setValues] = useState({ email: '', password: '', setupCode: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) => {
    setValues({ ...values, [name]: event.target.value });
    setErrors({ ...errors, [name]: '' });
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = {
      email: values.email.trim(),
      password: values.password,
      ...(codeNeeded ? { setupCode: values.setupCode.trim() } : {}),
    };
    const found = checkAccount(input, codeNeeded);
    setErrors(found);
    setProblem(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const view = await api.setUp(input);
      // The demo and a provision file bring cameras of their own.
      const cameras = await api.cameras();
      navigate(cameras.length > 0 ? '/live' : '/setup', { replace: true });
      useSession.getState().put(view);
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={submit} aria-label={t`Create account`} noValidate>
      <div>
        <p className={styles.step}>
          <Trans>Step 1 of 4</Trans>
        </p>
        <h1>
          <Trans>Create your account</Trans>
        </h1>
        <p className={styles.lead}>
          <Trans>
            It stays on this machine and owns this recorder. Next: where recordings go, and your cameras.
          </Trans>
        </p>
      </div>
      <TextField
        label={t`E-mail`}
        type="email"
        autoComplete="username"
        autoFocus
        value={values.email}
        onChange={set('email')}
        error={errors.email}
      />
      <TextField
        label={t`Password`}
        type="password"
        autoComplete="new-password"
        value={values.password}
        onChange={set('password')}
        hint={t`At least 10 characters. A sentence is good.`}
        error={errors.password}
      />
      {codeNeeded && (
        <TextField
          label={t`Setup code`}
          autoComplete="one-time-code"
          spellCheck={false}
          value={values.setupCode}
          onChange={set('setupCode')}
          hint={
            <Trans>
              You are on another machine than the recorder. The code stands in the file{' '}
              <span className={styles.code}>setup-code</span> of its data folder.
            </Trans>
          }
          error={errors.setupCode}
        />
      )}
      {problem && <ErrorNote>{problem}</ErrorNote>}
      <Button type="submit" tone="primary" busy={busy}>
        <Trans>Create account</Trans>
      </Button>
    </form>
  );
}

function checkAccount(
  input: { email: string; password: string; setupCode?: string },
  codeNeeded: boolean,
): Record<string, string> {
  const found: Record<string, string> = {};
  const { shape } = AccountInputSchema;
  if (!shape.email.safeParse(input.email).success) found.email = t`Enter an e-mail address.`;
  if (!shape.password.safeParse(input.password).success)
    found.password = t`At least 10 characters; this has ${input.password.length}.`;
  if (codeNeeded && !input.setupCode) found.setupCode = t`Enter the code from the file.`;
  return found;
}
