/** The archive's keys: they work wherever the focus is, but in text fields, menus and dialogs. */
import { useEffect } from 'react';
import type { ArchiveCommands } from './use-archive-commands.ts';

export function useArchiveKeys(commands: ArchiveCommands): void {
  useEffect(() => {
    const keys: Record<string, (event: KeyboardEvent) => void> = {
      ' ': commands.togglePlaying,
      k: commands.pause,
      j: () => commands.faster(-1),
      l: () => commands.faster(1),
      ',': () => commands.step(-1),
      '.': () => commands.step(1),
      n: () => commands.neighbourEvent(1),
      p: () => commands.neighbourEvent(-1),
      m: commands.toggleSound,
      f: commands.toggleFullScreen,
      s: commands.savePicture,
      e: commands.exportSelection,
      b: commands.addBookmark,
      r: commands.drawRegion,
      z: commands.zoomPicture,
      '[': () => commands.setSelectionEdge('start'),
      ']': () => commands.setSelectionEdge('end'),
      '+': () => commands.zoom(2),
      '=': () => commands.zoom(2),
      '-': () => commands.zoom(0.5),
      Home: () => commands.goToEnd('oldest'),
      End: () => commands.goToEnd('newest'),
      ArrowLeft: (event) => commands.move(-commands.arrowMs(event.shiftKey)),
      ArrowRight: (event) => commands.move(commands.arrowMs(event.shiftKey)),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (takesKeys(event.target, event.key)) return;
      const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!run) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [commands]);
}

/** Whether the focused element has its own use for the key. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"]'))
    return true;
  if (target.closest('[data-own-keys]')) return key.startsWith('Arrow');
  // A button that was only clicked still has the focus, but the space bar is then meant for the playback.
  return key === ' ' && target.closest('button, a') !== null && target.matches(':focus-visible');
}
