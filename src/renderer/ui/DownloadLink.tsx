/** A link that saves a file, with the looks of a button. */
import { Download } from 'lucide-react';
import type { AnchorHTMLAttributes } from 'react';
import styles from './DownloadLink.module.css';

export interface DownloadLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  /** The file's name; true: as the engine names it. */
  download: string | true;
}

export function DownloadLink({ className, children, ...rest }: DownloadLinkProps) {
  return (
    <a className={[styles.download, className].filter(Boolean).join(' ')} {...rest}>
      <Download size={16} strokeWidth={1.75} aria-hidden="true" />
      {children}
    </a>
  );
}
