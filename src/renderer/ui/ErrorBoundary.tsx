/** Catches what a page throws while rendering, so that the rest of the app stays usable. */
import { Trans } from '@lingui/react/macro';
import { Component, type ReactNode } from 'react';
import { Button } from './Button.tsx';
import { ErrorNote } from './States.tsx';

interface Props {
  children: ReactNode;
  /** A change of it tries again, e.g. the path. */
  resetKey?: string;
}

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error) {
    console.error(error);
  }

  override componentDidUpdate(before: Props) {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <div style={{ padding: 24 }}>
        <ErrorNote
          action={
            <Button onClick={() => location.reload()}>
              <Trans>Reload</Trans>
            </Button>
          }
        >
          <Trans>
            This page failed and was closed. Recording is not affected. ({this.state.error.message})
          </Trans>
        </ErrorNote>
      </div>
    );
  }
}
