/** A section that lists what was let in (keys, tokens, clients, hooks): adds one, says how it fares, and takes it away after asking. */
import { t } from '@lingui/core/macro';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Resource } from '../../client/resource.ts';
import { formatDayInSentence, formatSince } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { Section } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import styles from './ListSection.module.css';

export interface ListSectionProps<T> {
  title: string;
  note: string;
  list: Resource<T[]>;
  /** 'Loading keys'. */
  loading: string;
  /** What it means that there are none. */
  empty: string;
  /** 'New key'. */
  add: string;
  onAdd: () => void | Promise<void>;
  keyOf: (item: T) => string | number;
  /** The words of a row; lines in <small> are of less weight. */
  row: (item: T) => ReactNode;
  /** One more button per row, beside the one that takes it away. */
  extra?: { word: string; label: (item: T) => string; run: (item: T) => Promise<void> };
  removal: Removal<T>;
  /** The section's dialogs. */
  children?: ReactNode;
}

interface Removal<T> {
  /** 'Revoke'. */
  word: string;
  /** The button's name: 'Revoke Front desk'. */
  label: (item: T) => string;
  title: (item: T) => string;
  /** What will be lost. */
  description: (item: T) => string;
  /** 'Revoke key'. */
  action: string;
  /** What is said afterwards. */
  done: (item: T) => string;
  remove: (item: T) => Promise<void>;
}

export function ListSection<T>(props: ListSectionProps<T>) {
  const { title, note, list, loading, empty, add, onAdd, keyOf, row, extra, removal, children } = props;
  const [removing, setRemoving] = useState<T | null>(null);
  /** 'add', or the key of the row at work. */
  const [busy, setBusy] = useState<string | number | null>(null);
  const known = list.value ?? [];

  async function run(key: string | number, action: () => void | Promise<void>) {
    setBusy(key);
    try {
      await action();
    } catch (thrown) {
      showProblem(thrown);
    } finally {
      setBusy(null);
    }
  }
  const remove = (item: T) =>
    run(keyOf(item), async () => {
      await removal.remove(item);
      list.put(known.filter((one) => keyOf(one) !== keyOf(item)));
      showToast(removal.done(item));
      setRemoving(null);
    });

  return (
    <Section
      title={title}
      note={note}
      actions={
        <Button icon={Plus} busy={busy === 'add'} onClick={() => void run('add', onAdd)}>
          {add}
        </Button>
      }
    >
      {list.error && <ErrorNote onRetry={list.refresh}>{list.error}</ErrorNote>}
      {!list.value && !list.error && (
        <Loading label={loading}>
          <Skeleton height={48} />
        </Loading>
      )}
      {list.value?.length === 0 && <p className={styles.quiet}>{empty}</p>}
      {known.length > 0 && (
        <ul className={styles.list}>
          {known.map((item) => (
            <li key={keyOf(item)} className={styles.row}>
              <span className={styles.words}>{row(item)}</span>
              <span className={styles.actions}>
                {extra && (
                  <Button
                    busy={busy === keyOf(item) && removing === null}
                    aria-label={extra.label(item)}
                    onClick={() => void run(keyOf(item), () => extra.run(item))}
                  >
                    {extra.word}
                  </Button>
                )}
                <Button tone="danger" aria-label={removal.label(item)} onClick={() => setRemoving(item)}>
                  {removal.word}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {children}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={removing === null ? '' : removal.title(removing)}
        description={removing === null ? '' : removal.description(removing)}
        action={removal.action}
        busy={busy !== null}
        onConfirm={() => removing !== null && void remove(removing)}
      />
    </Section>
  );
}

/** When a credential was made and last used, in a line of its row. */
export function formatUse(use: { createdEpochMs: number; lastUsedEpochMs: number | null }): string {
  const made = formatDayInSentence(use.createdEpochMs);
  return use.lastUsedEpochMs === null
    ? t`Made ${made}, never used`
    : t`Made ${made}, last used ${formatSince(use.lastUsedEpochMs)}`;
}
