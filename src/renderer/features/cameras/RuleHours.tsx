/** When a rule holds: always, or at hours of the week. */
import type { WeekSchedule } from '../../../shared/schedule.ts';
import { Switch } from '../../ui/Field.tsx';
import { WeekHours } from './WeekHours.tsx';
import { FIRST_HOURS } from './week-hours.ts';

export function RuleHours({
  label,
  hint,
  schedule,
  onSchedule,
}: {
  label: string;
  hint: string;
  schedule: WeekSchedule | null | undefined;
  onSchedule: (schedule: WeekSchedule | undefined) => void;
}) {
  return (
    <>
      <Switch
        label={label}
        hint={hint}
        checked={Boolean(schedule)}
        onChecked={(on) => onSchedule(on ? FIRST_HOURS : undefined)}
      />
      {schedule && <WeekHours schedule={schedule} onSchedule={onSchedule} />}
    </>
  );
}
