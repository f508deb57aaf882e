/** Short notes at the edge of the page: something is done, with a way to undo it; or something failed. */
import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { create } from 'zustand';
import { Button, IconButton } from './Button.tsx';
import styles from './Toast.module.css';

interface ToastNote {
  id: number;
  text: string;
  /** `problem` stays until closed; `alarm` is for tailgating and forced doors. */
  tone: 'plain' | 'problem' | 'alarm';
  action?: { label: string; run: () => void };
}

const useToasts = create<{ notes: ToastNote[] }>(() => ({ notes: [] }));
let nextId = 1;

/** Shows a note; with `undo`, a button that takes it back while the note stands. */
export function showToast(
  text: string,
  options: {
    undo?: () => void;
    action?: { label: string; run: () => void };
    tone?: 'plain' | 'problem' | 'alarm';
  } = {},
): void {
  const action = options.undo ? { label: t`Undo`, run: options.undo } : options.action;
  const note: ToastNote = {
    id: nextId++,
    text,
    tone: options.tone ?? 'plain',
    ...(action ? { action } : {}),
  };
  useToasts.setState(({ notes }) => ({ notes: [...notes.slice(-2), note] }));
}

/** Shows what failed. */
export function showProblem(thrown: unknown): void {
  showToast(thrown instanceof Error ? thrown.message : String(thrown), { tone: 'problem' });
}

/** Where toasts appear; once in the page. */
export function Toaster() {
  const notes = useToasts((state) => state.notes);
  const close = (id: number) =>
    useToasts.setState((state) => ({ notes: state.notes.filter((note) => note.id !== id) }));
  return (
    <Radix.Provider swipeDirection="right" label={t`Note`}>
      {notes.map((note) => (
        <Radix.Root
          key={note.id}
          className={styles.toast}
          data-tone={note.tone}
          duration={note.tone === 'problem' ? Number.POSITIVE_INFINITY : note.action ? 10_000 : 5000}
          onOpenChange={(open) => {
            if (!open) close(note.id);
          }}
        >
          <Radix.Description className={styles.text}>{note.text}</Radix.Description>
          {note.action && (
            <Radix.Action altText={note.action.label} asChild>
              <Button tone="quiet" className={styles.action} onClick={note.action.run}>
                {note.action.label}
              </Button>
            </Radix.Action>
          )}
          <Radix.Close asChild>
            <IconButton icon={X} label={t`Close note`} />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className={styles.viewport} />
    </Radix.Provider>
  );
}
