/** The cameras at the left of their lanes: a press shows one, the sign beside it adds it to those shown. */
import { t } from '@lingui/core/macro';
import { Plus, X } from 'lucide-react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import { IconButton } from '../../ui/Button.tsx';
import { MOST_PLAYERS, useArchive } from './archive-store.ts';
import styles from './Timeline.module.css';

export function LaneNames({ cameras }: { cameras: readonly CameraView[] }) {
  const shownIds = useArchive((state) => state.shownCameraIds);
  const { showOnly, toggleShown } = useArchive.getState();
  return (
    <ul className={styles.names} aria-label={t`Cameras`}>
      {cameras.map((camera) => {
        const shown = shownIds.includes(camera.id);
        const alone = shown && shownIds.length === 1;
        return (
          <li key={camera.id} className={styles.name} data-shown={shown || undefined}>
            <button
              type="button"
              className={styles.nameButton}
              aria-pressed={shown}
              aria-label={t`Show ${camera.name}`}
              title={camera.name}
              onClick={() => showOnly(camera.id)}
            >
              {camera.name}
            </button>
            {!alone && (shown || shownIds.length < MOST_PLAYERS) && (
              <IconButton
                icon={shown ? X : Plus}
                className={styles.add}
                label={shown ? t`Remove ${camera.name} from view` : t`Add ${camera.name} to view`}
                onClick={() => toggleShown(camera.id)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
