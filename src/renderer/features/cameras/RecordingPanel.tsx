/** How long and when a camera is recorded. */

import { t } from '@lingui/core/macro';
import type { Recording } from '../../../shared/domain-camera.ts';
import { Checkbox, Select, Switch } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { useDraft } from './draft-store.ts';
import styles from './Panels.module.css';
import { RuleHours } from './RuleHours.tsx';

const GB = 1_000_000_000;

const MODES = [
  { value: 'continuous', label: t`Always` },
  { value: 'events', label: t`Around events` },
  { value: 'off', label: t`Off` },
] as const;

const HINTS = {
  continuous: t`Every picture is kept.`,
  events: t`Kept from a little before each event until a little after it.`,
  off: t`Nothing is kept. Live pictures and alerts go on.`,
};

export function RecordingPanel() {
  const { draft, change } = useDraft();
  if (!draft) return null;
  const { recording } = draft;
  const put = (part: Partial<typeof recording>) => change({ recording: { ...recording, ...part } });
  return (
    <div className={styles.panel}>
      <Select
        label={t`Record`}
        value={recording.mode}
        options={MODES}
        hint={HINTS[recording.mode]}
        onValue={(value) => put({ mode: MODES.find((one) => one.value === value)?.value ?? 'continuous' })}
      />
      {recording.mode === 'events' ? <Rolls recording={recording} put={put} /> : null}
      {recording.mode !== 'off' && (
        <RuleHours
          label={t`Only at certain hours`}
          hint={t`In the time of the computer that records. Live pictures and alerts go on outside them.`}
          schedule={recording.schedule}
          onSchedule={(schedule) => put({ schedule })}
        />
      )}
      <NumberField
        label={t`Keep for`}
        value={recording.days}
        min={1}
        max={3650}
        unit="days"
        hint={t`Older footage is deleted, and earlier when the disk’s limits are reached.`}
        onValue={(days) => put({ days })}
      />
      <Checkbox
        label={t`Limit this camera’s footage`}
        hint={t`Its oldest footage goes first. Without it only the limit of all footage applies.`}
        checked={typeof recording.maxBytes === 'number'}
        onChecked={(on) => put({ maxBytes: on ? 100 * GB : null })}
      />
      {typeof recording.maxBytes === 'number' && (
        <NumberField
          label={t`At most`}
          value={Math.round(recording.maxBytes / GB)}
          min={1}
          max={1_000_000}
          unit="GB"
          onValue={(gigabytes) => put({ maxBytes: Math.round(gigabytes) * GB })}
        />
      )}
      <Switch
        label={t`Sound`}
        hint={t`Recorded where the camera sends it. Check whether that is allowed where you are.`}
        checked={recording.audio}
        onChecked={(audio) => put({ audio })}
      />
      {draft.source?.sub && (
        <Switch
          label={t`Record the sub stream too`}
          hint={t`Takes a little more room. Over slow connections the archive then plays the smaller picture.`}
          checked={recording.subStream === true}
          onChecked={(subStream) => put({ subStream })}
        />
      )}
    </div>
  );
}

const MEGABYTE = 1024 * 1024;

function Rolls({ recording, put }: { recording: Recording; put: (part: Partial<Recording>) => void }) {
  return (
    <>
      <NumberField
        label={t`Before an event`}
        value={recording.preRollSeconds}
        min={0}
        max={60}
        unit="s"
        onValue={(preRollSeconds) => put({ preRollSeconds })}
      />
      <NumberField
        label={t`After an event`}
        value={recording.postRollSeconds}
        min={1}
        max={600}
        unit="s"
        onValue={(postRollSeconds) => put({ postRollSeconds })}
      />
      <NumberField
        label={t`Memory for the time before`}
        value={Math.round(recording.preRollMaxBytes / MEGABYTE)}
        min={1}
        max={48}
        unit="MB"
        hint={t`Pictures wait there for an event. Where they do not fit, less is kept from before it.`}
        onValue={(megabytes) => put({ preRollMaxBytes: Math.round(megabytes) * MEGABYTE })}
      />
    </>
  );
}
