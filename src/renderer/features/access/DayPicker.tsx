/** The day that the page shows: one back, one on, or any from the calendar. */
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { navigate } from '../../client/router.tsx';
import { addDays, formatDay, startOfDay } from '../../client/time-format.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Calendar } from '../archive/Calendar.tsx';
import styles from './AccessPage.module.css';

export function DayPicker({ day }: { day: number }) {
  const [open, setOpen] = useState(false);
  const go = (to: number) => {
    setOpen(false);
    navigate(`/access?day=${startOfDay(to)}`, { replace: true });
  };
  const today = startOfDay(Date.now());
  return (
    <div className={styles.days}>
      <IconButton icon={ChevronLeft} label="Previous day" onClick={() => go(addDays(day, -1))} />
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <Button icon={CalendarDays} aria-label={`Day, ${formatDay(day)}`}>
            {formatDay(day)}
          </Button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className={styles.popover}
            align="end"
            sideOffset={6}
            collisionPadding={8}
            aria-label="Choose a day"
          >
            <Calendar selectedEpochMs={day} earliestEpochMs={0} onDay={go} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <IconButton
        icon={ChevronRight}
        label="Next day"
        disabled={day >= today}
        onClick={() => go(addDays(day, 1))}
      />
    </div>
  );
}
