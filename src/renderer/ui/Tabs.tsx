/** Panels of which one is shown. */
import { Tabs as Radix } from 'radix-ui';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Tabs.module.css';

export interface TabsProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  tabs: ReadonlyArray<{ value: string; label: ReactNode; content: ReactNode }>;
  className?: string;
}

export function Tabs({ label, value, onValue, tabs, className }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  // Where there are more tabs than the width shows, the chosen one is among those that are seen.
  useEffect(() => {
    const row = list.current;
    const chosen = row?.children[tabs.findIndex((tab) => tab.value === value)] as HTMLElement | undefined;
    if (row && chosen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }, [value, tabs]);
  return (
    <Radix.Root value={value} onValueChange={onValue} className={className}>
      <Radix.List ref={list} aria-label={label} className={styles.list}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className={styles.tab}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className={styles.panel}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** A row of choices of which one holds; like tabs, but without panels of its own. */
export function Segments({
  label,
  value,
  onValue,
  options,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
  options: ReadonlyArray<{ value: string; label: ReactNode }>;
}) {
  return (
    <fieldset className={styles.segments}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={styles.segment}
          aria-pressed={option.value === value}
          onClick={() => onValue(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
