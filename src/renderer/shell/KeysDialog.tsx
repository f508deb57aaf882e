/** The list of keys, opened with `?`. */
import { t } from '@lingui/core/macro';
import type { Role } from '../../shared/accounts.ts';
import { may, useSession } from '../features/session/session-store.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import styles from './KeysDialog.module.css';
import { useDestinations } from './routes.tsx';
import { useShell } from './shell-store.ts';

interface KeyGroup {
  title: string;
  /** The least role that has use for them. */
  role: Role;
  keys: ReadonlyArray<readonly [string, string]>;
}

const GROUPS: readonly KeyGroup[] = [
  {
    title: t`Everywhere`,
    role: 'viewer',
    keys: [
      ['Ctrl+K', t`Search cameras, pages and times`],
      ['?', t`Show these keys`],
      ['Esc', t`Close, go back`],
    ],
  },
  {
    title: t`Live`,
    role: 'viewer',
    keys: [
      ['← → ↑ ↓', t`Choose a camera`],
      ['Enter', t`Focus on it`],
      ['B', t`Boxes and lines`],
      ['E', t`Recent events`],
      ['F', t`Full screen`],
      ['R', t`Recording of the focused camera`],
    ],
  },
  {
    title: t`Archive`,
    role: 'operator',
    keys: [
      ['Space', t`Play or pause`],
      ['J / K / L', t`Backwards, pause, faster`],
      [', / .', t`Previous or next picture`],
      ['P / N', t`Previous or next event`],
      ['← / →', t`Move in time; with Shift further`],
      ['[ / ]', t`Begin or end a selection`],
      ['E', t`Export the selection`],
      ['B', t`Bookmark the selection or the moment`],
      ['R', t`Search for motion in a part of the picture`],
      ['Z', t`Zoom into the picture`],
      ['S', t`Save the picture`],
      ['- / +', t`Zoom`],
      ['Home / End', t`Oldest or newest footage`],
    ],
  },
  {
    title: t`An event`,
    role: 'operator',
    keys: [
      ['Space', t`Play or pause`],
      [', / .', t`Previous or next picture`],
      ['P / N', t`Previous or next event`],
      ['Esc', t`Back to all events`],
    ],
  },
  {
    title: t`Lines and zones`,
    role: 'administrator',
    keys: [
      ['L', t`Draw line`],
      ['Z', t`Draw zone`],
      ['Tab', t`Next handle`],
      ['← → ↑ ↓', t`Move the handle; with Shift in large steps`],
      ['Delete', t`Delete the line, zone or corner`],
      ['Ctrl+S', t`Save`],
    ],
  },
];

export function KeysDialog() {
  const open = useShell((state) => state.keysOpen);
  const view = useSession((state) => state.view);
  const goTo = useDestinations().map(({ key, label }) => [`g then ${key}`, label] as const);
  const [everywhere, ...others] = GROUPS.filter(({ role }) => may(role, view));
  const groups = [...(everywhere ? [everywhere] : []), { title: t`Go to`, keys: goTo }, ...others];
  return (
    <Dialog
      open={open}
      onOpenChange={(keysOpen) => useShell.setState({ keysOpen })}
      title={t`Keys`}
      size="large"
    >
      <div className={styles.groups}>
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.list}>
              {keys.map(([key, what]) => (
                <div key={key + what} className={styles.row}>
                  <dt>{what}</dt>
                  <dd>
                    {key.split(' then ').map((part) => (
                      <Kbd key={part} keys={part} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
