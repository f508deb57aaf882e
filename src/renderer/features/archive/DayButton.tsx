/** A button that names a day and opens the calendar to choose another. */
import { t } from '@lingui/core/macro';
import { CalendarDays } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import styles from './Calendar.module.css';
import { Calendar } from './Calendar.tsx';

export function DayButton({
  dayEpochMs,
  label,
  onDay,
}: {
  /** The one that is marked in the calendar. */
  dayEpochMs: number;
  label: string;
  /** Local midnight of the day. */
  onDay: (dayEpochMs: number) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button icon={CalendarDays} aria-label={t`Day, ${label}`}>
          {label}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t`Choose a day`}
        >
          <Calendar
            selectedEpochMs={dayEpochMs}
            earliestEpochMs={0}
            onDay={(day) => {
              setOpen(false);
              onDay(day);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
