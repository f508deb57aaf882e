/** One zone: its name and what is noticed in it. */
import { t } from '@lingui/core/macro';
import { Switch, TextField } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { useDraft } from './draft-store.ts';
import { ObjectsChoice } from './ObjectsChoice.tsx';
import styles from './Panels.module.css';
import { RuleHours } from './RuleHours.tsx';

export function ZoneSettings({ index, problems }: { index: number; problems: Record<string, string> }) {
  const { draft, changeZone } = useDraft();
  const zone = draft?.zones[index];
  if (!zone) return null;
  return (
    <div className={styles.settings}>
      <TextField
        label={t`Name`}
        value={zone.name}
        error={problems[`zones.${index}.name`] ?? problems[`zones.${index}`]}
        onChange={(event) => changeZone(index, { name: event.target.value })}
      />
      <Switch
        label={t`Intrusion`}
        hint={t`Alert when somebody enters.`}
        checked={zone.intrusion}
        onChecked={(intrusion) => changeZone(index, { intrusion })}
      />
      <Switch
        label={t`Motion`}
        hint={t`Note when pixels change, whoever or whatever it is.`}
        checked={zone.motion}
        onChecked={(motion) => changeZone(index, { motion })}
      />
      <Switch
        label={t`Loitering`}
        hint={t`Alert when somebody stays.`}
        checked={zone.loiteringSeconds !== undefined}
        onChecked={(on) => changeZone(index, { loiteringSeconds: on ? 20 : undefined })}
      />
      {zone.loiteringSeconds !== undefined && (
        <NumberField
          label={t`Stays for at least`}
          value={zone.loiteringSeconds}
          min={1}
          max={86_400}
          unit="s"
          onValue={(loiteringSeconds) => changeZone(index, { loiteringSeconds })}
        />
      )}
      <Switch
        label={t`Crowd`}
        hint={t`Alert when people gather.`}
        checked={zone.crowdSize !== undefined}
        onChecked={(on) => changeZone(index, { crowdSize: on ? 4 : undefined })}
      />
      {zone.crowdSize !== undefined && (
        <NumberField
          label={t`At least`}
          value={zone.crowdSize}
          min={1}
          max={1000}
          unit="people"
          onValue={(crowdSize) => changeZone(index, { crowdSize: Math.round(crowdSize) })}
        />
      )}
      <ObjectsChoice
        legend={t`Is about`}
        objects={zone.objects}
        onObjects={(objects) => changeZone(index, { objects })}
      />
      <RuleHours
        label={t`Only at certain hours`}
        hint={t`Outside them the zone raises nothing.`}
        schedule={zone.schedule}
        onSchedule={(schedule) => changeZone(index, { schedule })}
      />
    </div>
  );
}
