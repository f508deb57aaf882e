/** A page's frame: its heading with actions, and its body. Sets the document's title. */
import { type ReactNode, useEffect } from 'react';
import { Link } from '../client/router.tsx';
import styles from './Page.module.css';

export interface PageProps {
  title: string;
  /** Beside the heading, quiet: a count, a date. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** `wide` uses the whole width; `read` a column that reads well. */
  width?: 'wide' | 'read';
  /** The page that this one belongs to; stands before the heading as a link. */
  parent?: { to: string; label: string };
}

export function Page({ title, note, actions, children, width = 'wide', parent }: PageProps) {
  useDocumentTitle(title);
  return (
    <div className={`${styles.page} ${styles[width]}`}>
      <PageHeader title={title} note={note} actions={actions} parent={parent} />
      {children}
    </div>
  );
}

export function PageHeader({ title, note, actions, parent }: Omit<PageProps, 'children' | 'width'>) {
  return (
    <header className={styles.header}>
      <div className={styles.heading}>
        {parent && (
          <Link to={parent.to} className={styles.parent}>
            {parent.label} /
          </Link>
        )}
        <h1>{title}</h1>
        {note && <span className={styles.note}>{note}</span>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** A part of a page with its heading; parts are set apart by hairlines. */
export function Section({
  title,
  note,
  actions,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <header className={styles.sectionHead}>
        <div>
          <h2>{title}</h2>
          {note && <p className={styles.sectionNote}>{note}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Threshold`;
  }, [title]);
}
