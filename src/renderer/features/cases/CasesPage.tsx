/** All cases, open or closed, with a search; all bookmarks and shared links beside them. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { FolderClosed, Plus } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { CaseView } from '../../../shared/cases.ts';
import { Link, navigate, usePlace } from '../../client/router.tsx';
import { formatMoment } from '../../client/time-format.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Page } from '../../ui/Page.tsx';
import { EmptyState, ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { Segments, Tabs } from '../../ui/Tabs.tsx';
import { BookmarkList } from '../bookmarks/BookmarkList.tsx';
import { ShareLinkList } from '../share-links/ShareLinkList.tsx';
import { CaseDialog } from './CaseDialog.tsx';
import styles from './Cases.module.css';
import { useCases } from './use-cases.ts';

const TABS = ['cases', 'bookmarks', 'links'] as const;

export function CasesPage() {
  const { query } = usePlace();
  const [making, setMaking] = useState(false);
  return (
    <Page
      title={t`Cases`}
      width="read"
      actions={
        <Button tone="primary" icon={Plus} onClick={() => setMaking(true)}>
          <Trans>New case</Trans>
        </Button>
      }
    >
      <Tabs
        label={t`Cases, bookmarks and shared links`}
        value={TABS.find((tab) => tab === query.get('tab')) ?? 'cases'}
        onValue={(tab) => navigate(`/cases?tab=${tab}`, { replace: true })}
        tabs={[
          { value: 'cases', label: t`Cases`, content: <CaseList onNew={() => setMaking(true)} /> },
          { value: 'bookmarks', label: t`Bookmarks`, content: <BookmarkList /> },
          { value: 'links', label: t`Shared links`, content: <ShareLinkList /> },
        ]}
      />
      <CaseDialog open={making} onOpenChange={setMaking} />
    </Page>
  );
}

function CaseList({ onNew }: { onNew: () => void }) {
  const [state, setState] = useState<'open' | 'closed'>('open');
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  const { value, error, refresh } = useCases(state, text);
  return (
    <div className={styles.panel}>
      <div className={styles.filter}>
        <TextField
          label={t`Search cases`}
          hideLabel
          type="search"
          placeholder={t`Search titles, references and notes`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Segments
          label={t`State`}
          value={state}
          options={[
            { value: 'open', label: t`Open` },
            { value: 'closed', label: t`Closed` },
          ]}
          onValue={(next) => setState(next === 'closed' ? 'closed' : 'open')}
        />
      </div>
      {error && (
        <ErrorNote onRetry={refresh}>
          <Trans>The cases cannot be shown. {error}</Trans>
        </ErrorNote>
      )}
      {!value && !error && (
        <Loading label={t`Loading cases`}>
          <Skeleton height={56} />
        </Loading>
      )}
      {value?.length === 0 && text !== '' && (
        <p className={styles.quiet}>
          <Trans>No {state} case holds these words.</Trans>
        </p>
      )}
      {value?.length === 0 && text === '' && state === 'closed' && (
        <p className={styles.quiet}>
          <Trans>No case is closed yet.</Trans>
        </p>
      )}
      {value?.length === 0 && text === '' && state === 'open' && (
        <EmptyState
          icon={FolderClosed}
          title={t`No open cases`}
          action={
            <Button icon={Plus} onClick={onNew}>
              <Trans>New case</Trans>
            </Button>
          }
        >
          <Trans>
            A case collects the footage, events and exports of one incident, and is handed over as one
            evidence package.
          </Trans>
        </EmptyState>
      )}
      {value && value.length > 0 && (
        <ul className={styles.list} aria-label={t`Cases`}>
          {value.map((one) => (
            <CaseRow key={one.id} one={one} />
          ))}
        </ul>
      )}
    </div>
  );
}

function CaseRow({ one }: { one: CaseView }) {
  const count = plural(one.itemCount, { one: '# entry', other: '# entries' });
  return (
    <li className={styles.row}>
      <span className={styles.words}>
        <Link to={`/cases/${one.id}`} className={styles.title}>
          {one.title}
        </Link>
        <small>
          {one.reference !== '' && `${one.reference}, `}
          <Trans>
            {count}, changed {formatMoment(one.changedEpochMs)}
          </Trans>
        </small>
      </span>
    </li>
  );
}
