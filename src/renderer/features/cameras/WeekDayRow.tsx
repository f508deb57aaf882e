/** One day of the week grid: a bar that is painted by dragging, or with arrow keys, space and shift. */
import { t } from '@lingui/core/macro';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import {
  DAY_MINUTES,
  spansOfDay,
  timeOfMinute,
  type Weekday,
  type WeekSchedule,
} from '../../../shared/schedule.ts';
import styles from './WeekHours.module.css';
import { DAY_NAMES, isOn, paintHours, STEP_MINUTES, STEPS, wordsOfDay } from './week-hours.ts';

interface WeekDayRowProps {
  day: Weekday;
  schedule: WeekSchedule;
  selected: boolean;
  onSelect: () => void;
  onSchedule: (schedule: WeekSchedule) => void;
}

export function WeekDayRow({ day, schedule, selected, onSelect, onSchedule }: WeekDayRowProps) {
  const [cursor, setCursor] = useState(16);
  /** The stroke under way: it begins on a step and adds what is not there, or takes away what is. */
  const stroke = useRef<{ from: number; wanted: boolean; before: WeekSchedule } | null>(null);

  function paint(from: number, to: number, wanted: boolean, on = schedule) {
    const span = {
      fromMinute: Math.min(from, to) * STEP_MINUTES,
      toMinute: (Math.max(from, to) + 1) * STEP_MINUTES,
    };
    onSchedule(paintHours(on, day, span, wanted));
  }

  function stepAt(event: PointerEvent): number {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS)));
  }

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return;
    const step = stepAt(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    stroke.current = { from: step, wanted: !isOn(schedule, day, step * STEP_MINUTES), before: schedule };
    onSelect();
    setCursor(step);
    paint(step, step, stroke.current.wanted);
  }

  function onPointerMove(event: PointerEvent) {
    const { current } = stroke;
    if (!current) return;
    const step = stepAt(event);
    setCursor(step);
    paint(current.from, step, current.wanted, current.before);
  }

  function onKeyDown(event: KeyboardEvent) {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -STEPS, End: STEPS }[event.key];
    if (event.key === ' ') paint(cursor, cursor, !isOn(schedule, day, cursor * STEP_MINUTES));
    else if (move === undefined) return;
    else {
      const next = Math.min(STEPS - 1, Math.max(0, cursor + move));
      if (event.shiftKey) paint(cursor, next, isOn(schedule, day, cursor * STEP_MINUTES));
      setCursor(next);
    }
    event.preventDefault();
  }

  const at = timeOfMinute(cursor * STEP_MINUTES);
  const isCursorOn = isOn(schedule, day, cursor * STEP_MINUTES);
  return (
    <div className={styles.row} data-selected={selected || undefined}>
      <span className={styles.day} aria-hidden="true">
        {DAY_NAMES[day].slice(0, 3)}
      </span>
      <div
        role="slider"
        tabIndex={0}
        className={styles.bar}
        aria-label={`${DAY_NAMES[day]}, ${wordsOfDay(schedule, day)}`}
        aria-valuemin={0}
        aria-valuemax={STEPS - 1}
        aria-valuenow={cursor}
        aria-valuetext={`${at}, ${isCursorOn ? t`on` : t`off`}`}
        title={wordsOfDay(schedule, day)}
        onFocus={onSelect}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          stroke.current = null;
        }}
        onPointerCancel={() => {
          if (stroke.current) onSchedule(stroke.current.before);
          stroke.current = null;
        }}
      >
        {spansOfDay(schedule, day).map(({ fromMinute, toMinute }) => (
          <span
            key={fromMinute}
            className={styles.span}
            style={{
              left: `${(fromMinute / DAY_MINUTES) * 100}%`,
              width: `${((toMinute - fromMinute) / DAY_MINUTES) * 100}%`,
            }}
          />
        ))}
        <span
          className={styles.cursor}
          style={{ left: `${(cursor / STEPS) * 100}%`, width: `${100 / STEPS}%` }}
          aria-hidden="true"
        />
      </div>
    </div>
  );
}
