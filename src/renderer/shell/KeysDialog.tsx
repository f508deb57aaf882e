/** The list of keys, opened with `?`. */
import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import styles from './KeysDialog.module.css';
import { DESTINATIONS } from './routes.tsx';
import { useShell } from './shell-store.ts';

const GROUPS: ReadonlyArray<{ title: string; keys: ReadonlyArray<readonly [string, string]> }> = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl+K', 'Search cameras, pages and times'],
      ['?', 'Show these keys'],
      ['Esc', 'Close, go back'],
    ],
  },
  { title: 'Go to', keys: DESTINATIONS.map(({ key, label }) => [`g then ${key}`, label] as const) },
  {
    title: 'Live',
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
      ['S', 'Save the picture'],
      ['- / +', 'Zoom'],
      ['Home / End', 'Oldest or newest footage'],
    ],
  },
  {
    title: 'An event',
    keys: [
      ['Space', 'Play or pause'],
      [', / .', 'Previous or next picture'],
      ['P / N', 'Previous or next event'],
      ['Esc', 'Back to all events'],
    ],
  },
  {
    title: 'Lines and zones',
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
  return (
    <Dialog
      open={open}
      onOpenChange={(keysOpen) => useShell.setState({ keysOpen })}
      title="Keys"
      size="large"
    >
      <div className={styles.groups}>
        {GROUPS.map(({ title, keys }) => (
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
