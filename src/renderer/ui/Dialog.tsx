/** A dialog over the page: for what needs an answer before going on. Where undo will do, use a toast instead. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import styles from './Dialog.module.css';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the end, the main one last. */
  actions?: ReactNode;
  size?: 'small' | 'large';
}

// Radix's own Overlay locks scrolling with an injected style element, which the content security policy forbids: a plain veil instead.
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  actions,
  size = 'small',
}: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className={styles.veil}>
          <Radix.Content
            className={`${styles.content} ${styles[size]}`}
            onOpenAutoFocus={(event) => {
              // not the close button: the dialog itself, unless a field in it took the focus
              event.preventDefault();
              (event.currentTarget as HTMLElement).focus();
            }}
            {...(description ? {} : { 'aria-describedby': undefined })}
          >
            <header className={styles.head}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              <Radix.Close asChild>
                <button type="button" className={styles.close} aria-label={t`Close`}>
                  <X size={16} strokeWidth={1.75} aria-hidden="true" />
                </button>
              </Radix.Close>
            </header>
            {description && (
              <Radix.Description className={styles.description}>{description}</Radix.Description>
            )}
            {children}
            {actions && <footer className={styles.actions}>{actions}</footer>}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will be lost. */
  description: ReactNode;
  /** The word on the button, e.g. 'Delete camera'. */
  action: string;
  /** Recordings are lost: the button is red. */
  loss?: boolean;
  busy?: boolean;
  onConfirm: () => void;
}

/** Asks once before something is lost. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  action,
  loss,
  busy,
  onConfirm,
}: ConfirmProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>
            <Trans>Cancel</Trans>
          </Button>
          <Button tone={loss ? 'loss' : 'primary'} busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    />
  );
}
