/** The list of keys, opened with `?`. */
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
    title: 'Everywhere',
    role: 'viewer',
    keys: [
      ['Ctrl+K', 'Search cameras, pages and times'],
      ['?', 'Show these keys'],
      ['Esc', 'Close, go back'],
    ],
  },
  {
    title: 'Live',
    role: 'viewer',
    keys: [
      ['← → ↑ ↓', 'Choose a camera'],
      ['Enter', 'Focus on it'],
      ['B', 'Boxes and lines'],
      ['E', 'Recent events'],
      ['F', 'Full screen'],
      ['R', 'Recording of the focused camera'],
    ],
  },
  {
    title: 'Archive',
    role: 'operator',
    keys: [
      ['Space', 'Play or pause'],
      ['J / K / L', 'Backwards, pause, faster'],
      [', / .', 'Previous or next picture'],
      ['P / N', 'Previous or next event'],
      ['← / →', 'Move in time; with Shift further'],
      ['[ / ]', 'Begin or end a selection'],
      ['E', 'Export the selection'],
      ['B', 'Bookmark the selection or the moment'],
      ['R', 'Search for motion in a part of the picture'],
      ['Z', 'Zoom into the picture'],
      ['S', 'Save the picture'],
      ['- / +', 'Zoom'],
      ['Home / End', 'Oldest or newest footage'],
    ],
  },
  {
    title: 'An event',
    role: 'operator',
    keys: [
      ['Space', 'Play or pause'],
      [', / .', 'Previous or next picture'],
      ['P / N', 'Previous or next event'],
      ['Esc', 'Back to all events'],
    ],
  },
  {
    title: 'Lines and zones',
    role: 'administrator',
    keys: [
      ['L', 'Draw line'],
      ['Z', 'Draw zone'],
      ['Tab', 'Next handle'],
      ['← → ↑ ↓', 'Move the handle; with Shift in large steps'],
      ['Delete', 'Delete the line, zone or corner'],
      ['Ctrl+S', 'Save'],
    ],
  },
];

export function KeysDialog() {
  const open = useShell((state) => state.keysOpen);
  const view = useSession((state) => state.view);
  const goTo = useDestinations().map(({ key, label }) => [`g then ${key}`, label] as const);
  const [everywhere, ...others] = GROUPS.filter(({ role }) => may(role, view));
  const groups = [...(everywhere ? [everywhere] : []), { title: 'Go to', keys: goTo }, ...others];
  return (
    <Dialog
      open={open}
      onOpenChange={(keysOpen) => useShell.setState({ keysOpen })}
      title="Keys"
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
