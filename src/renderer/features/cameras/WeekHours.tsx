/** Hours of the week: a grid to paint with pointer or keys, and the exact times of the day that is chosen. */
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { WEEKDAYS, type Weekday, type WeekSchedule } from '../../../shared/schedule.ts';
import { DayHours } from './DayHours.tsx';
import { WeekDayRow } from './WeekDayRow.tsx';
import styles from './WeekHours.module.css';

const HOUR_MARKS = [0, 6, 12, 18, 24];

interface WeekHoursProps {
  schedule: WeekSchedule;
  onSchedule: (schedule: WeekSchedule) => void;
}

export function WeekHours({ schedule, onSchedule }: WeekHoursProps) {
  const [day, setDay] = useState<Weekday>('monday');
  return (
    <div className={styles.week}>
      <fieldset className={styles.grid}>
        <legend className="visually-hidden">
          <Trans>
            Hours of the week. Left and right move through the day, space switches half an hour, shift with an
            arrow key paints.
          </Trans>
        </legend>
        {WEEKDAYS.map((one) => (
          <WeekDayRow
            key={one}
            day={one}
            schedule={schedule}
            selected={one === day}
            onSelect={() => setDay(one)}
            onSchedule={onSchedule}
          />
        ))}
        <div className={styles.scale} aria-hidden="true">
          {HOUR_MARKS.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </div>
      </fieldset>
      <DayHours day={day} schedule={schedule} onSchedule={onSchedule} />
    </div>
  );
}
