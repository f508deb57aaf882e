/** The keys that work everywhere: Ctrl+K, ?, and g followed by a page's letter. */
import { useEffect } from 'react';
import { navigate } from '../client/router.tsx';
import { may } from '../features/session/session-store.ts';
import { isTyping } from '../ui/typing.ts';
import { DESTINATIONS } from './routes.tsx';
import { useShell } from './shell-store.ts';

const SEQUENCE_MS = 1200;

export function useShellKeys(): void {
  useEffect(() => {
    let afterG = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        useShell.setState({ paletteOpen: true, keysOpen: false });
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') {
        event.preventDefault();
        useShell.setState({ keysOpen: true });
      } else if (event.key === '/') {
        event.preventDefault();
        useShell.setState({ paletteOpen: true });
      } else if (event.key === 'g') afterG = event.timeStamp;
      else if (event.timeStamp - afterG < SEQUENCE_MS && afterG > 0) {
        afterG = 0;
        const found = DESTINATIONS.find(({ key, role }) => key === event.key && may(role));
        if (!found) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        navigate(found.path);
      }
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
