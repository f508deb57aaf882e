/** The mail server by which notifications go out. Its password is stored and never shown again. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import {
  MailInputSchema,
  type MailSettings,
  type NotificationsView,
} from '../../../../shared/notifications.ts';
import { notificationsApi } from '../../../client/notifications-api.ts';
import { Button } from '../../../ui/Button.tsx';
import { Select, TextField } from '../../../ui/Field.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { Section } from '../../../ui/Page.tsx';
import { ErrorNote } from '../../../ui/States.tsx';
import { showToast } from '../../../ui/Toast.tsx';
import { useSession } from '../../session/session-store.ts';
import settingsStyles from '../SettingsPage.module.css';
import styles from './Notifications.module.css';

const SECURITIES = [
  { value: 'tls', label: t`TLS (port 465)` },
  { value: 'starttls', label: t`STARTTLS (port 587)` },
  { value: 'none', label: t`None, within this network only` },
] as const;
const PORTS = { tls: 465, starttls: 587, none: 25 } as const;
const EMPTY: MailSettings = { host: '', port: 587, security: 'starttls', user: '', from: '' };

export function MailSection({
  mail,
  onSaved,
}: {
  mail: NotificationsView['mail'];
  onSaved: (view: NotificationsView) => void;
}) {
  const [draft, setDraft] = useState<MailSettings>(() => settingsOf(mail));
  const [password, setPassword] = useState<string | null>(null);
  const [busy, setBusy] = useState<'save' | 'test' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const put = (change: Partial<MailSettings>) => setDraft({ ...draft, ...change });
  const input = { ...draft, ...(password !== null && { password }) };
  const isDirty = password !== null || JSON.stringify(draft) !== JSON.stringify(settingsOf(mail));

  async function run(what: 'save' | 'test', action: () => Promise<void>) {
    setBusy(what);
    setProblem(null);
    try {
      await action();
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      setBusy(null);
    }
  }
  function save(event: FormEvent) {
    event.preventDefault();
    void run('save', async () => {
      onSaved(await notificationsApi.putMail(input));
      showToast(t`Mail server saved`);
    });
  }
  const test = () =>
    run('test', async () => {
      const to = useSession.getState().view?.email ?? draft.from;
      await notificationsApi.testMail(to);
      showToast(t`A test was sent to ${to}`);
    });

  return (
    <Section title={t`Mail server`} note={t`The server that takes outgoing mail (SMTP).`}>
      <form className={settingsStyles.form} onSubmit={save} aria-label={t`Mail server`}>
        <div className={styles.pair}>
          <TextField
            label={t`Server`}
            value={draft.host}
            placeholder="smtp.example.com"
            spellCheck={false}
            onChange={(event) => put({ host: event.target.value })}
          />
          <NumberField
            label={t`Port`}
            value={draft.port}
            min={1}
            max={65_535}
            onValue={(port) => put({ port })}
          />
        </div>
        <div className={styles.half}>
          <Select
            label={t`Encryption`}
            value={draft.security}
            options={SECURITIES}
            onValue={(value) => {
              const security = SECURITIES.find((one) => one.value === value)?.value ?? 'tls';
              put({ security, port: PORTS[security] });
            }}
          />
          <TextField
            label={t`Sender`}
            type="email"
            value={draft.from}
            placeholder="recorder@example.com"
            onChange={(event) => put({ from: event.target.value })}
          />
        </div>
        <div className={styles.half}>
          <TextField
            label={t`User, if it asks for one`}
            value={draft.user}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => put({ user: event.target.value })}
          />
          <TextField
            label={t`Password`}
            type="password"
            autoComplete="new-password"
            value={password ?? ''}
            placeholder={mail?.hasPassword ? t`Stored` : ''}
            hint={
              mail?.hasPassword ? t`Type it again to change it, or when server or user change.` : undefined
            }
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
        {problem && <ErrorNote>{problem}</ErrorNote>}
        <div className={settingsStyles.actions}>
          <Button
            type="submit"
            tone="primary"
            busy={busy === 'save'}
            disabled={!isDirty || !MailInputSchema.safeParse(input).success}
          >
            <Trans>Save</Trans>
          </Button>
          <Button busy={busy === 'test'} disabled={isDirty || mail === null} onClick={() => void test()}>
            <Trans>Send a test to yourself</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}

function settingsOf(mail: NotificationsView['mail']): MailSettings {
  if (!mail) return EMPTY;
  const { host, port, security, user, from } = mail;
  return { host, port, security, user, from };
}
