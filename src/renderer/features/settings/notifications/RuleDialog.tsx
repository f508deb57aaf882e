/** A rule of notifications: what is told, of which cameras, to whom and when. */
import { t } from '@lingui/core/macro';
import { type ReactNode, useState } from 'react';
import { EVENT_TYPES } from '../../../../shared/domain-events.ts';
import { ALERT_KINDS } from '../../../../shared/domain-storage.ts';
import {
  type NotificationRule,
  type NotificationRuleInput,
  NotificationRuleInputSchema,
  type NotificationsView,
} from '../../../../shared/notifications.ts';
import { useCameras } from '../../../client/cameras-store.ts';
import { notificationsApi } from '../../../client/notifications-api.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Checkbox, Switch, TextField } from '../../../ui/Field.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { SubmitForm } from '../../../ui/SubmitForm.tsx';
import { RuleHours } from '../../cameras/RuleHours.tsx';
import styles from './Notifications.module.css';
import { ALERT_LABELS, EVENT_LABELS, NEW_RULE, parseAddresses } from './rule-words.ts';

export interface RuleDialogProps {
  /** null: a new one. */
  rule: NotificationRule | null;
  hasMail: boolean;
  onClose: () => void;
  onSaved: (view: NotificationsView) => void;
}

export function RuleDialog({ rule, hasMail, onClose, onSaved }: RuleDialogProps) {
  const [draft, setDraft] = useState<NotificationRuleInput>(() => inputOf(rule));
  const [mailText, setMailText] = useState(draft.mailTo.join(', '));
  const put = (change: Partial<NotificationRuleInput>) => setDraft({ ...draft, ...change });
  const input = { ...draft, name: draft.name.trim(), mailTo: parseAddresses(mailText) };
  const checked = NotificationRuleInputSchema.safeParse(input);
  const wrongMail = !checked.success && checked.error.issues.some(({ path }) => path[0] === 'mailTo');
  const wrongUrl = !checked.success && checked.error.issues.some(({ path }) => path[0] === 'webhookUrl');
  async function save() {
    onSaved(await (rule ? notificationsApi.putRule(rule.id, input) : notificationsApi.addRule(input)));
    onClose();
  }
  return (
    <Dialog open onOpenChange={onClose} title={rule ? t`Change the rule` : t`New rule`} size="large">
      <SubmitForm action={t`Save`} disabled={!checked.success} onSubmit={save} onCancel={onClose}>
        <TextField
          label={t`Name`}
          value={draft.name}
          autoFocus
          placeholder={t`Night watch`}
          onChange={(event) => put({ name: event.target.value })}
        />
        <Switch label={t`Switched on`} checked={draft.enabled} onChecked={(enabled) => put({ enabled })} />
        <Choices
          title={t`Events`}
          all={EVENT_TYPES}
          chosen={draft.events}
          labels={EVENT_LABELS}
          onChosen={(events) => put({ events })}
        />
        <Choices
          title={t`Alerts about the recorder`}
          all={ALERT_KINDS}
          chosen={draft.alerts}
          labels={ALERT_LABELS}
          onChosen={(alerts) => put({ alerts })}
        />
        <CameraChoice cameraIds={draft.cameraIds} onChosen={(cameraIds) => put({ cameraIds })} />
        <TextField
          label={t`By mail to`}
          value={mailText}
          placeholder="guard@example.com, owner@example.com"
          error={wrongMail ? t`E-mail addresses, set apart by commas.` : null}
          hint={hasMail ? undefined : t`Mails wait for a mail server: set one below, under Mail server.`}
          onChange={(event) => setMailText(event.target.value)}
        />
        <TextField
          label={t`By webhook to`}
          type="url"
          value={draft.webhookUrl ?? ''}
          placeholder="https://example.com/notify"
          error={wrongUrl ? t`An http:// or https:// address.` : null}
          onChange={(event) => put({ webhookUrl: event.target.value.trim() || null })}
        />
        <Checkbox
          label={t`On screens`}
          hint={t`In the desktop app, and in browsers that were permitted to notify while this page is in the background. Alerts, and alarms in the desktop app, are shown without a rule too.`}
          checked={draft.desktop}
          onChecked={(desktop) => put({ desktop })}
        />
        <RuleHours
          label={t`Only at certain hours`}
          hint={t`Outside these hours the rule is quiet.`}
          schedule={draft.schedule}
          onSchedule={(schedule) => put({ schedule: schedule ?? null })}
        />
        <NumberField
          label={t`One incident`}
          value={draft.groupMinutes}
          min={0}
          max={1440}
          unit="min"
          hint={t`What one camera sees within this time of the last belongs to the same incident and is told once. 0: each is told.`}
          onValue={(groupMinutes) => put({ groupMinutes })}
        />
      </SubmitForm>
    </Dialog>
  );
}

function Choices<T extends string>({
  title,
  all,
  chosen,
  labels,
  onChosen,
}: {
  title: string;
  all: readonly T[];
  chosen: readonly T[];
  labels: Record<T, ReactNode>;
  onChosen: (chosen: T[]) => void;
}) {
  return (
    <fieldset className={styles.choices}>
      <legend>{title}</legend>
      {all.map((one) => (
        <Checkbox
          key={one}
          label={labels[one]}
          checked={chosen.includes(one)}
          onChecked={(on) => onChosen(all.filter((other) => (other === one ? on : chosen.includes(other))))}
        />
      ))}
    </fieldset>
  );
}

function CameraChoice({
  cameraIds,
  onChosen,
}: {
  cameraIds: readonly string[] | null;
  onChosen: (cameraIds: string[] | null) => void;
}) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  const ids = cameras.map(({ id }) => id);
  return (
    <>
      <Switch
        label={t`Of all cameras`}
        checked={cameraIds === null}
        onChecked={(all) => onChosen(all ? null : ids)}
      />
      {cameraIds !== null && (
        <Choices
          title={t`Cameras`}
          all={ids}
          chosen={cameraIds}
          labels={Object.fromEntries(cameras.map(({ id, name }) => [id, name]))}
          onChosen={onChosen}
        />
      )}
    </>
  );
}

function inputOf(rule: NotificationRule | null): NotificationRuleInput {
  if (!rule) return NEW_RULE;
  const { name, enabled, alerts, events, cameraIds, mailTo, webhookUrl, desktop, schedule, groupMinutes } =
    rule;
  return { name, enabled, alerts, events, cameraIds, mailTo, webhookUrl, desktop, schedule, groupMinutes };
}
