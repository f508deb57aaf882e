/** Search over cameras, pages, commands and times, opened with Ctrl+K. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useCameras } from '../client/cameras-store.ts';
import styles from './CommandPalette.module.css';
import { findCommands } from './commands.ts';
import { useShell } from './shell-store.ts';

export function CommandPalette() {
  const open = useShell((state) => state.paletteOpen);
  const setOpen = (paletteOpen: boolean) => useShell.setState({ paletteOpen });
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <div className={styles.veil}>
          <Dialog.Content className={styles.content} aria-describedby={undefined}>
            <Dialog.Title className="visually-hidden">
              <Trans>Search</Trans>
            </Dialog.Title>
            <Palette onDone={() => setOpen(false)} />
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const cameras = useCameras((state) => state.cameras);
  const id = useId();
  const commands = useMemo(() => findCommands(text, cameras ?? [], Date.now()), [text, cameras]);
  const current = commands[Math.min(chosen, commands.length - 1)];

  function run(command = current) {
    if (!command) return;
    onDone();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && commands.length > 0) {
      event.preventDefault();
      setChosen((index) => (Math.min(index, commands.length - 1) + step + commands.length) % commands.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run();
    }
  }

  return (
    <>
      <div className={styles.box}>
        <Search size={16} strokeWidth={1.75} aria-hidden="true" />
        <input
          className={styles.input}
          role="combobox"
          aria-label={t`Search`}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={current ? `${id}-${current.id}` : undefined}
          placeholder={t`A camera, a page, or a time such as yesterday 17:40`}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {commands.length === 0 && (
        <p className={styles.none}>
          <Trans>Nothing found. Times look like 'yesterday 17:40' or '20 min ago'.</Trans>
        </p>
      )}
      <div id={id} role="listbox" aria-label={t`Results`} className={styles.list}>
        {commands.map((command, index) => {
          const Icon = command.icon;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns the list
            <div
              key={command.id}
              id={`${id}-${command.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={command === current}
              className={styles.option}
              onMouseMove={() => setChosen(index)}
              onClick={() => run(command)}
            >
              <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
              <span className={styles.label}>{command.label}</span>
              <span className={styles.kind}>{command.kind}</span>
            </div>
          );
        })}
      </div>
    </>
  );
}
