/** Who is told of what: the rules, how their last delivery went, a test of each, and quiet for a while. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { NotificationRule } from '../../../../shared/notifications.ts';
import { notificationsApi } from '../../../client/notifications-api.ts';
import { useResource } from '../../../client/resource.ts';
import { showToast } from '../../../ui/Toast.tsx';
import { wordsOfDelivery } from '../integrations/webhook-words.ts';
import { ListSection } from '../ListSection.tsx';
import { MailSection } from './MailSection.tsx';
import styles from './Notifications.module.css';
import { RuleDialog } from './RuleDialog.tsx';
import { ruleWords } from './rule-words.ts';
import { SnoozeSection } from './SnoozeSection.tsx';

/** A delivery that is under way shows its end by itself. */
const LOOK_EVERY_MS = 5000;

export function NotificationsSection() {
  const settings = useResource('notifications', notificationsApi.notifications, LOOK_EVERY_MS);
  const [edited, setEdited] = useState<NotificationRule | 'new' | null>(null);
  const { value } = settings;
  const rules = { ...settings, value: value?.rules, put: () => settings.refresh() };
  return (
    <>
      <ListSection
        title={t`Notifications`}
        note={t`Rules say which events and alerts are told to whom, and when. An incident is told once.`}
        list={rules}
        loading={t`Loading rules`}
        empty={t`No rule yet: nobody is told by mail or webhook.`}
        add={t`New rule`}
        onAdd={() => setEdited('new')}
        keyOf={({ id }) => id}
        row={(rule) => (
          <>
            <button
              type="button"
              className={styles.name}
              onClick={() => setEdited(rule)}
              aria-label={t`Change the rule ${rule.name}`}
            >
              {rule.name}
              {!rule.enabled && ` ${t`(off)`}`}
            </button>
            <small>{ruleWords(rule)}</small>
            <small data-failed={rule.lastDelivery?.state === 'failed' || undefined}>
              {wordsOfDelivery(rule.lastDelivery)}
            </small>
          </>
        )}
        extra={{
          word: t`Send a test`,
          label: ({ name }) => t`Send a test of ${name}`,
          run: async ({ id }) => {
            settings.put(await notificationsApi.testRule(id));
            showToast(t`A test is on its way`);
          },
        }}
        removal={{
          word: t`Remove`,
          label: ({ name }) => t`Remove the rule ${name}`,
          title: ({ name }) => t`Remove the rule ${name}?`,
          description: () => t`Nobody is told by it any more, also not of what still waits to be delivered.`,
          action: t`Remove rule`,
          done: () => t`Removed the rule`,
          remove: async ({ id }) => void (await notificationsApi.deleteRule(id)),
        }}
      >
        {edited !== null && (
          <RuleDialog
            rule={edited === 'new' ? null : edited}
            hasMail={value?.mail != null}
            onClose={() => setEdited(null)}
            onSaved={settings.put}
          />
        )}
      </ListSection>
      {value && <SnoozeSection snoozes={value.snoozes} onChanged={settings.put} />}
      {value && <MailSection key={JSON.stringify(value.mail)} mail={value.mail} onSaved={settings.put} />}
    </>
  );
}
