/** Where alerts are told besides in this page: a webhook of the engine, and this browser's own notifications. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import type { AlertSettingsView } from '../../../shared/contract-health.ts';
import { api } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { wordsOfDelivery } from './integrations/webhook-words.ts';
import styles from './SettingsPage.module.css';

/** A test that was sent is looked at again at this pace. */
const EVERY_MS = 5000;

export function AlertsSection() {
  const settings = useResource('alert-settings', api.alertSettings, EVERY_MS);
  const { value } = settings;
  return (
    <Section
      title={t`Alerts`}
      note={t`A camera that is offline, frozen, black or not recorded for 30 s, and trouble with the disk, stand under the bell. They can be sent to another program too.`}
      actions={<BrowserNotifications />}
    >
      {settings.error && <ErrorNote onRetry={settings.refresh}>{settings.error}</ErrorNote>}
      {!value && !settings.error && (
        <Loading label={t`Loading alert settings`}>
          <Skeleton height={48} />
        </Loading>
      )}
      {value && <WebhookForm key={value.webhookUrl ?? ''} settings={value} onSaved={settings.put} />}
    </Section>
  );
}

function WebhookForm({
  settings,
  onSaved,
}: {
  settings: AlertSettingsView;
  onSaved: (settings: AlertSettingsView) => void;
}) {
  const [url, setUrl] = useState(settings.webhookUrl ?? '');
  const [busy, setBusy] = useState(false);
  const wanted = url.trim() === '' ? null : url.trim();
  const dirty = wanted !== settings.webhookUrl;

  async function run(action: () => Promise<AlertSettingsView>, words: string) {
    setBusy(true);
    try {
      onSaved(await action());
      showToast(words);
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(false);
    }
  }
  function save(event: FormEvent) {
    event.preventDefault();
    void run(() => api.putAlertSettings({ webhookUrl: wanted }), t`Alert settings saved`);
  }

  return (
    <form className={styles.form} onSubmit={save} aria-label={t`Alert webhook`}>
      <TextField
        label={t`Webhook address`}
        type="url"
        placeholder="https://example.com/alerts"
        hint={t`JSON is posted here when an alert begins and when it is over. Empty: nowhere.`}
        value={url}
        onChange={(event) => setUrl(event.target.value)}
      />
      <div className={styles.actions}>
        <Button type="submit" tone="primary" busy={busy} disabled={!dirty}>
          <Trans>Save</Trans>
        </Button>
        <Button
          busy={busy}
          disabled={dirty || settings.webhookUrl === null}
          onClick={() => void run(api.testAlert, t`A test message is on its way`)}
        >
          <Trans>Send a test</Trans>
        </Button>
      </div>
      {settings.webhookUrl !== null && (
        <p className={styles.quiet}>{wordsOfDelivery(settings.lastDelivery)}.</p>
      )}
    </form>
  );
}

/** Asks the browser for leave to notify while this page is in the background; the desktop app needs none. */
function BrowserNotifications() {
  const [permission, setPermission] = useState(
    window.desktop || !('Notification' in window) ? null : Notification.permission,
  );
  if (permission === null || permission === 'granted') return null;
  if (permission === 'denied')
    return (
      <span className={styles.quiet}>
        <Trans>This browser blocks notifications</Trans>
      </span>
    );
  return (
    <Button onClick={() => void Notification.requestPermission().then(setPermission, showProblem)}>
      <Trans>Notify in this browser</Trans>
    </Button>
  );
}
