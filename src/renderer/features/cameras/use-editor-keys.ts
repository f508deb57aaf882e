/** Keys of the camera page: L, Z and M draw, Delete removes what is selected, Escape lets go, Ctrl+S saves. */
import { useEffect, useRef } from 'react';
import { isTyping } from '../../ui/typing.ts';
import { useDraft } from './draft-store.ts';
import { deleteShape } from './editor-actions.ts';

export function useEditorKeys(save: () => void): void {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { selection, tool, takeTool, select } = useDraft.getState();
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault();
        latest.current();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'l') takeTool('line');
      else if (event.key === 'z') takeTool('zone');
      else if (event.key === 'm') takeTool('mask');
      else if (event.key === 'Escape' && tool) takeTool(null);
      else if (event.key === 'Escape' && selection) select(null);
      else if (event.key === 'Delete' && selection) deleteShape(selection);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
