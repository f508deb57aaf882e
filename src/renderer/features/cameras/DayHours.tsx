/** The exact hours of one day, with times that are typed, and copied to other days. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  DAY_MINUTES,
  type MinuteSpan,
  spansOfDay,
  timeOfMinute,
  WEEKDAYS,
  type Weekday,
  type WeekSchedule,
} from '../../../shared/schedule.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './WeekHours.module.css';
import { copyDay, DAY_NAMES, putDay } from './week-hours.ts';

interface DayHoursProps {
  day: Weekday;
  schedule: WeekSchedule;
  onSchedule: (schedule: WeekSchedule) => void;
}

export function DayHours({ day, schedule, onSchedule }: DayHoursProps) {
  const spans = spansOfDay(schedule, day);
  const free = freeSpan(spans);
  const change = (changed: MinuteSpan[]) => onSchedule(putDay(schedule, day, changed));
  return (
    <div className={styles.exact}>
      <strong>{DAY_NAMES[day]}</strong>
      {spans.length === 0 && (
        <p className={styles.none}>
          <Trans>Off on this day.</Trans>
        </p>
      )}
      {spans.map((span, index) => (
        <div key={`${span.fromMinute}-${span.toMinute}`} className={styles.times}>
          <TimeField
            label={t`${DAY_NAMES[day]}, hours ${index + 1}, from`}
            minute={span.fromMinute}
            isRight={(minute) => minute < span.toMinute}
            onMinute={(fromMinute) => change(spans.with(index, { ...span, fromMinute }))}
          />
          <span>
            <Trans>to</Trans>
          </span>
          <TimeField
            label={t`${DAY_NAMES[day]}, hours ${index + 1}, to`}
            minute={span.toMinute}
            isRight={(minute) => minute > span.fromMinute}
            onMinute={(toMinute) => change(spans.with(index, { ...span, toMinute }))}
          />
          <IconButton
            icon={Trash2}
            label={t`Remove these hours of ${DAY_NAMES[day]}`}
            onClick={() => change(spans.toSpliced(index, 1))}
          />
        </div>
      ))}
      <div className={styles.actions}>
        <Button icon={Plus} disabled={!free} onClick={() => free && change([...spans, free])}>
          <Trans>Add hours</Trans>
        </Button>
        <Button tone="quiet" onClick={() => onSchedule(copyDay(schedule, day, WEEKDAYS.slice(0, 5)))}>
          <Trans>Copy to Mon–Fri</Trans>
        </Button>
        <Button tone="quiet" onClick={() => onSchedule(copyDay(schedule, day, WEEKDAYS))}>
          <Trans>Copy to all</Trans>
        </Button>
      </div>
    </div>
  );
}

interface TimeFieldProps {
  label: string;
  minute: number;
  isRight: (minute: number) => boolean;
  onMinute: (minute: number) => void;
}

/** A time of day up to 24:00; taken over when it is left or entered, and only when it can be. */
function TimeField({ label, minute, isRight, onMinute }: TimeFieldProps) {
  const [text, setText] = useState(timeOfMinute(minute));
  useEffect(() => setText(timeOfMinute(minute)), [minute]);
  const typed = parseTime(text);
  const fits = typed !== null && isRight(typed);

  function take() {
    if (fits && typed !== minute) onMinute(typed);
    else if (!fits) setText(timeOfMinute(minute));
  }

  return (
    <TextField
      label={label}
      hideLabel
      className={styles.time}
      value={text}
      inputMode="numeric"
      aria-invalid={fits ? undefined : true}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
    />
  );
}

/** '8', '830', '8:30', '08.30' → minutes; null for what is no time. */
function parseTime(text: string): number | null {
  const match = /^(\d{1,2})[:. ]?(\d{2})?$/.exec(text.trim());
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2] ?? 0);
  return Number(match[2] ?? 0) < 60 && minute <= DAY_MINUTES ? minute : null;
}

/** Two hours, or what is left, behind the last span; null when the day is full up to its end. */
function freeSpan(spans: readonly MinuteSpan[]): MinuteSpan | null {
  const last = spans.at(-1);
  const fromMinute = last ? Math.min(last.toMinute + 60, DAY_MINUTES - 1) : 8 * 60;
  if (last && last.toMinute >= DAY_MINUTES - 1) return null;
  return { fromMinute, toMinute: Math.min(fromMinute + 120, DAY_MINUTES) };
}
