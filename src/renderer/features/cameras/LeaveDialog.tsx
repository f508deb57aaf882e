/** Asks before unsaved changes would be lost by going to another page. */
import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { guardLeaving, navigate } from '../../client/router.tsx';
import { ConfirmDialog } from '../../ui/Dialog.tsx';
import { useDraft } from './draft-store.ts';

export function LeaveDialog({ dirty }: { dirty: boolean }) {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    const stop = guardLeaving((to) => {
      setWanted(to);
      return false;
    });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      stop();
    };
  }, [dirty]);
  // the guard is gone once nothing is unsaved any more
  useEffect(() => {
    if (!dirty && wanted !== null) navigate(wanted);
  }, [dirty, wanted]);
  return (
    <ConfirmDialog
      open={wanted !== null}
      onOpenChange={(open) => !open && setWanted(null)}
      title={t`Leave without saving?`}
      description={t`What you changed on this camera since the last save is lost.`}
      action={t`Discard and leave`}
      onConfirm={() => useDraft.getState().discard()}
    />
  );
}
