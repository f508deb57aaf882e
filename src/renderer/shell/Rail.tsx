/** The rail at the left: where one can go. */
import { t } from '@lingui/core/macro';
import { Link } from '../client/router.tsx';
import { Logo } from '../ui/Logo.tsx';
import styles from './Rail.module.css';
import { useDestinations } from './routes.tsx';

export function Rail({ path }: { path: string }) {
  const destinations = useDestinations();
  return (
    <nav className={styles.rail} aria-label={t`Main`}>
      <Link to="/live" className={styles.mark} aria-label={t`Threshold, go to Live`}>
        <Logo size={28} />
      </Link>
      <ul className={styles.list}>
        {destinations.map(({ path: to, label, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className={styles.link} aria-current={isWithin(path, to) ? 'page' : undefined}>
              <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
              <span>{label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Whether `path` belongs to the destination `base`; the pages of cameras belong to Settings. */
export function isWithin(path: string, base: string): boolean {
  if (base === '/settings' && isWithin(path, '/cameras')) return true;
  return path === base || path.startsWith(`${base}/`);
}
