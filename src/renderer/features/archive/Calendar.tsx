/** A month to choose a day from. Days before the first footage and after today cannot be chosen; marked days have events. */

import { t } from '@lingui/core/macro';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { HOUR_MS } from '../../../shared/units.ts';
import { api } from '../../client/api.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { dateLocales } from '../../client/language.ts';
import { useResource } from '../../client/resource.ts';
import { addDays, startOfDay } from '../../client/time-format.ts';
import { IconButton } from '../../ui/Button.tsx';
import styles from './Calendar.module.css';
import { addMonths, firstWeekday, isSameDay, monthDays } from './calendar.ts';

export interface CalendarProps {
  selectedEpochMs: number;
  earliestEpochMs: number | null;
  onDay: (dayEpochMs: number) => void;
}

export function Calendar({ selectedEpochMs, earliestEpochMs, onDay }: CalendarProps) {
  const [cursor, setCursor] = useState(() => startOfDay(selectedEpochMs));
  const weekStart = firstWeekday();
  const days = monthDays(cursor, weekStart);
  const activity = useActivity(days[0]!.startEpochMs, addDays(days.at(-1)!.startEpochMs, 1));
  const now = Date.now();
  const usable = (day: number) => day <= now && addDays(day, 1) > (earliestEpochMs ?? now);
  const move = (day: number) => {
    setCursor(day);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const step = steps[event.key];
    if (step !== undefined) move(addDays(cursor, step));
    else if (event.key === 'PageUp') move(addMonths(cursor, -1));
    else if (event.key === 'PageDown') move(addMonths(cursor, 1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const title = new Intl.DateTimeFormat(dateLocales(), { month: 'long', year: 'numeric' }).format(cursor);
  return (
    <div className={styles.calendar}>
      <header className={styles.head}>
        <IconButton
          icon={ChevronLeft}
          label={t`Previous month`}
          onClick={() => setCursor(addMonths(cursor, -1))}
        />
        <h3 aria-live="polite">{title}</h3>
        <IconButton
          icon={ChevronRight}
          label={t`Next month`}
          disabled={addMonths(cursor, 1) > now}
          onClick={() => setCursor(addMonths(cursor, 1))}
        />
      </header>
      {/* biome-ignore lint/a11y/useSemanticElements: a table of buttons would be read cell by cell */}
      <div className={styles.grid} role="group" aria-label={title} onKeyDown={onKeyDown}>
        {days.slice(0, 7).map((day) => (
          <span key={day.startEpochMs} className={styles.weekday} aria-hidden="true">
            {new Intl.DateTimeFormat(dateLocales(), { weekday: 'narrow' }).format(day.startEpochMs)}
          </span>
        ))}
        {days.map((day) => (
          <button
            key={day.startEpochMs}
            type="button"
            data-day={day.startEpochMs}
            className={styles.day}
            data-outside={!day.inMonth || undefined}
            data-today={isSameDay(day.startEpochMs, now) || undefined}
            aria-pressed={isSameDay(day.startEpochMs, selectedEpochMs)}
            disabled={!usable(day.startEpochMs)}
            tabIndex={isSameDay(day.startEpochMs, cursor) ? 0 : -1}
            aria-label={new Intl.DateTimeFormat(dateLocales(), { dateStyle: 'full' }).format(
              day.startEpochMs,
            )}
            onClick={() => onDay(day.startEpochMs)}
          >
            {day.dayOfMonth}
            <span
              className={styles.activity}
              data-level={activity.get(day.startEpochMs) ?? 0}
              aria-hidden="true"
            />
          </button>
        ))}
      </div>
    </div>
  );
}

/** How much happened on each day of the grid, 0 to 3. */
function useActivity(fromEpochMs: number, toEpochMs: number): ReadonlyMap<number, number> {
  const cameraIds = (useCameras((state) => state.cameras) ?? []).map((camera) => camera.id).join(',');
  const { value } = useResource(cameraIds === '' ? null : `activity:${cameraIds}:${fromEpochMs}`, (signal) =>
    api.timeline({ cameraIds, fromEpochMs, toEpochMs, resolutionMs: HOUR_MS / 4 }, signal),
  );
  const counts = new Map<number, number>();
  for (const mark of value?.flatMap((lane) => lane.marks) ?? []) {
    const day = startOfDay(mark.startEpochMs);
    counts.set(day, (counts.get(day) ?? 0) + mark.count);
  }
  const most = Math.max(1, ...counts.values());
  return new Map([...counts].map(([day, count]) => [day, Math.max(1, Math.round((count / most) * 3))]));
}
