/** What is shown, as chips: camera, kind of event, kind of object, days. A set one shows its value and can be taken away. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { EVENT_TYPES, OBJECT_LABELS } from '../../../shared/domain-events.ts';
import { useCameras } from '../../client/cameras-store.ts';
import { capital } from '../../client/event-words.ts';
import { LABEL_WORDS } from '../../client/label-words.ts';
import { formatDay } from '../../client/time-format.ts';
import { Checkbox } from '../../ui/Field.tsx';
import { Calendar } from '../archive/Calendar.tsx';
import styles from './EventFilterBar.module.css';
import { type EventFilters, TYPE_NAMES } from './event-query.ts';
import { SearchChips } from './SearchChips.tsx';
import { SearchWordsField } from './SearchWordsField.tsx';

export function EventFilterBar({
  filters,
  onFilters,
}: {
  filters: EventFilters;
  onFilters: (next: EventFilters) => void;
}) {
  const cameras = useCameras((state) => state.cameras) ?? [];
  const change = (part: Partial<EventFilters>) => onFilters({ ...filters, ...part });
  return (
    <fieldset className={styles.bar}>
      <legend className="visually-hidden">
        <Trans>Filters</Trans>
      </legend>
      <SearchWordsField
        onSearch={({ cameraIds, words, span }) =>
          change({
            cameraIds: cameraIds.length > 0 ? cameraIds : filters.cameraIds,
            words: [...new Set([...filters.words, ...words])],
            span: span ?? filters.span,
            // Who searches wants all that fits.
            level: 'everything',
          })
        }
      />
      <SearchChips filters={filters} onChange={change} />
      <ChoiceChip
        name="Camera"
        options={cameras.map((camera) => ({ value: camera.id, label: camera.name }))}
        chosen={filters.cameraIds}
        onChosen={(cameraIds) => change({ cameraIds })}
      />
      <ChoiceChip
        name="Event"
        options={[...EVENT_TYPES]
          .sort((a, b) => order(a) - order(b))
          .map((type) => ({ value: type, label: TYPE_NAMES[type] }))}
        chosen={filters.types}
        onChosen={(types) => change({ types })}
      />
      <ChoiceChip
        name="Object"
        options={OBJECT_LABELS.map((label) => ({ value: label, label: capital(LABEL_WORDS[label]) }))}
        chosen={filters.labels}
        onChosen={(labels) => change({ labels })}
      />
      <DaysChip filters={filters} onDays={change} />
    </fieldset>
  );
}

/** As the names are listed: what matters most first. */
function order(type: string): number {
  return Object.keys(TYPE_NAMES).indexOf(type);
}

function ChoiceChip<T extends string>(props: {
  name: string;
  options: ReadonlyArray<{ value: T; label: string }>;
  chosen: readonly T[];
  onChosen: (chosen: T[]) => void;
}) {
  const { name, options, chosen, onChosen } = props;
  const [first] = chosen;
  const label = options.find((option) => option.value === first)?.label ?? first;
  const value =
    first === undefined ? null : chosen.length > 1 ? t`${label ?? ''} and ${chosen.length - 1} more` : label;
  return (
    <Chip name={name} value={value ?? null} onClear={() => onChosen([])}>
      <div className={styles.choices}>
        {options.map((option) => (
          <Checkbox
            key={option.value}
            label={option.label}
            checked={chosen.includes(option.value)}
            onChecked={(on) =>
              onChosen(on ? [...chosen, option.value] : chosen.filter((one) => one !== option.value))
            }
          />
        ))}
      </div>
    </Chip>
  );
}

function spanWords(from: number | null, to: number | null): string {
  if (from === null) return to === null ? '' : t`until ${formatDay(to)}`;
  return to === null ? t`${formatDay(from)} on` : t`${formatDay(from)} to ${formatDay(to)}`;
}

/** The first day pressed starts the range, the second ends it. */
function DaysChip({
  filters,
  onDays,
}: {
  filters: EventFilters;
  onDays: (part: Partial<EventFilters>) => void;
}) {
  const { fromDayEpochMs: from, toDayEpochMs: to } = filters;
  const value =
    from === null && to === null
      ? null
      : from !== null && from === to
        ? formatDay(from)
        : spanWords(from, to);
  return (
    <Chip name={t`Days`} value={value} onClear={() => onDays({ fromDayEpochMs: null, toDayEpochMs: null })}>
      <p className={styles.hint}>
        <Trans>Choose a day, then a second one for a range.</Trans>
      </p>
      <Calendar
        selectedEpochMs={from ?? Date.now()}
        earliestEpochMs={0}
        onDay={(day) => {
          const single = from !== null && from === to;
          if (single) onDays({ fromDayEpochMs: Math.min(from, day), toDayEpochMs: Math.max(from, day) });
          else onDays({ fromDayEpochMs: day, toDayEpochMs: day });
        }}
      />
    </Chip>
  );
}

function Chip(props: { name: string; value: string | null; onClear: () => void; children: ReactNode }) {
  const { name, value, onClear, children } = props;
  const [open, setOpen] = useState(false);
  return (
    <span className={styles.chip} data-set={value !== null || undefined}>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger
          className={styles.open}
          aria-label={value === null ? t`Filter by ${name.toLowerCase()}` : `${name}: ${value}`}
        >
          {value === null ? (
            name
          ) : (
            <>
              <span className={styles.name}>{name}</span> {value}
            </>
          )}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className={styles.popover}
            align="end"
            sideOffset={6}
            collisionPadding={8}
            aria-label={name}
          >
            {children}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {value !== null && (
        <button
          type="button"
          className={styles.clear}
          aria-label={t`Remove filter ${name}`}
          onClick={onClear}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
