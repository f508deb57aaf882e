/** What a view shows when there is nothing, not yet, or a failure: each in the place of what it stands for. */
import { Trans } from '@lingui/react/macro';
import type { LucideIcon } from 'lucide-react';
import { Info, TriangleAlert } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Button } from './Button.tsx';
import styles from './States.module.css';

/** Stands where something will be, in its size. */
export function Skeleton({
  width,
  height = 16,
  style,
}: {
  width?: number | string;
  height?: number | string;
  style?: CSSProperties;
}) {
  return (
    <span
      className={styles.skeleton}
      style={{ width: width ?? '100%', height, ...style }}
      aria-hidden="true"
    />
  );
}

/** A group of skeletons, said once to screen readers. */
export function Loading({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div role="status" aria-label={label} aria-busy="true" className={className}>
      {children}
    </div>
  );
}

export interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What to do next. */
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <Icon size={24} strokeWidth={1.5} aria-hidden="true" />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}

/** Something good to know where nothing is wrong. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <div role="note" className={styles.note}>
      <Info size={16} strokeWidth={1.75} aria-hidden="true" />
      <div className={styles.words}>{children}</div>
    </div>
  );
}

export interface ErrorNoteProps {
  /** What failed, in words. */
  children: ReactNode;
  /** Failure to record is an alarm; everything else is a degradation. */
  tone?: 'degraded' | 'alarm';
  onRetry?: () => void;
  action?: ReactNode;
}

export function ErrorNote({ children, tone = 'degraded', onRetry, action }: ErrorNoteProps) {
  return (
    <div role="alert" className={styles.error} data-tone={tone}>
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
      <div className={styles.words}>{children}</div>
      {action}
      {onRetry && (
        <Button onClick={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </div>
  );
}
