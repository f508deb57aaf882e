/** The gate: loading, first run, sign-in, or the app itself. */
import { useEffect } from 'react';
import { SessionGate } from './features/session/SessionGate.tsx';
import { useSession } from './features/session/session-store.ts';
import { Shell } from './shell/Shell.tsx';
import { ErrorBoundary } from './ui/ErrorBoundary.tsx';
import { Toaster } from './ui/Toast.tsx';
import { TooltipProvider } from './ui/Tooltip.tsx';

export function App() {
  const state = useSession((session) => session.view?.state);
  useEffect(() => useSession.getState().watch(), []);
  return (
    <TooltipProvider>
      <ErrorBoundary>{state === 'signed-in' ? <Shell /> : <SessionGate />}</ErrorBoundary>
      <Toaster />
    </TooltipProvider>
  );
}
