/** The bar at the bottom of a phone, in the place of the rail. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Ellipsis } from 'lucide-react';
import { Link, navigate } from '../client/router.tsx';
import { Menu } from '../ui/Menu.tsx';
import styles from './BottomBar.module.css';
import { isWithin } from './Rail.tsx';
import { useDestinations } from './routes.tsx';

export function BottomBar({ path }: { path: string }) {
  const destinations = useDestinations();
  const more = destinations.filter((one) => !one.inBottomBar);
  return (
    <nav className={styles.bar} aria-label={t`Main, at the bottom`}>
      {destinations
        .filter((one) => one.inBottomBar)
        .map(({ path: to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            className={styles.item}
            aria-current={isWithin(path, to) ? 'page' : undefined}
          >
            <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
            {label}
          </Link>
        ))}
      {more.length > 0 && (
        <Menu
          trigger={
            <button
              type="button"
              className={styles.item}
              data-current={more.some((one) => isWithin(path, one.path)) || undefined}
            >
              <Ellipsis size={20} strokeWidth={1.6} aria-hidden="true" />
              <Trans>More</Trans>
            </button>
          }
          groups={[more.map(({ path: to, label, icon }) => ({ label, icon, onSelect: () => navigate(to) }))]}
        />
      )}
    </nav>
  );
}
