/** One event opened: its clip with tracks, its facts, and what can be done with it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ArrowLeft, ChevronLeft, ChevronRight, Download, FolderPlus, History, Lock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { tailgatingAnswer } from '../../../shared/tailgating-words.ts';
import { api } from '../../client/api.ts';
import { useCamera, useCameras } from '../../client/cameras-store.ts';
import { groupVisits } from '../../client/event-rank.ts';
import { eventHue, eventMoment, eventWords } from '../../client/event-words.ts';
import { useResource } from '../../client/resource.ts';
import { Link, navigate } from '../../client/router.tsx';
import { formatMoment } from '../../client/time-format.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useDocumentTitle } from '../../ui/Page.tsx';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { showProblem, showToast } from '../../ui/Toast.tsx';
import { archivePath, askNeighbourEvent } from '../archive/archive-queries.ts';
import type { ArchivePlayer } from '../archive/player/archive-player.ts';
import { AddToCaseDialog } from '../cases/AddToCaseDialog.tsx';
import { ExportDialog } from '../exports/ExportDialog.tsx';
import { LockDialog } from '../locks/LockDialog.tsx';
import { AlikeEvents } from './AlikeEvents.tsx';
import { CLIP_AFTER_MS, CLIP_BEFORE_MS, ClipPlayer } from './ClipPlayer.tsx';
import styles from './EventPage.module.css';
import { eventFacts, nameReaders } from './event-facts.ts';
import { buildFilterQuery, TYPE_NAMES } from './event-query.ts';
import { useEvents } from './events-store.ts';
import { TailgatingStrip } from './TailgatingStrip.tsx';
import { UploadedMedia } from './UploadedMedia.tsx';

export function EventPage({ id }: { id?: string }) {
  const {
    value: event,
    error,
    errorStatus,
    refresh,
  } = useResource(id ?? null, (signal) => api.event(id ?? '', signal));
  const readers = useResource('readers', (signal) => api.readers(signal));
  useDocumentTitle(event ? eventWords(event) : t`Event`);
  return (
    <div className={styles.page}>
      {error && (
        <ErrorNote
          onRetry={errorStatus === 404 ? undefined : refresh}
          action={
            <Link to="/events">
              <Trans>All events</Trans>
            </Link>
          }
        >
          {error}
        </ErrorNote>
      )}
      {!event && !error && <EventSkeleton />}
      {event && <OpenedEvent key={event.id} event={nameReaders(event, readers.value ?? [])} />}
    </div>
  );
}

function OpenedEvent({ event }: { event: NvrEvent }) {
  const player = useRef<ArchivePlayer | null>(null);
  const [locking, setLocking] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [collecting, setCollecting] = useState(false);
  const camera = useCamera(event.cameraId);
  // Of a camera that only uploads there is no clip of pictures, and no footage to keep.
  const hasFootage = camera?.status.state !== 'no-source' || !event.detail.upload;
  const clip = {
    from: event.startEpochMs - CLIP_BEFORE_MS,
    to: Math.max(event.endEpochMs, event.startEpochMs) + CLIP_AFTER_MS,
  };
  return (
    <>
      <EventHead event={event} />
      <div className={styles.body}>
        <div className={styles.main}>
          {event.detail.upload ? (
            <UploadedMedia event={event} />
          ) : (
            <ClipPlayer event={event} player={player} />
          )}
          {event.detail.tailgating && (
            <TailgatingStrip
              facts={event.detail.tailgating}
              onSeek={(epochMs) => {
                player.current?.pause();
                player.current?.seek(epochMs);
              }}
            />
          )}
          <AlikeEvents event={event} />
        </div>
        <aside className={styles.side}>
          <div className={styles.actions}>
            <Button
              tone="primary"
              icon={History}
              onClick={() => navigate(archivePath(event.cameraId, clip.from))}
            >
              <Trans>Open in archive</Trans>
            </Button>
            {(hasFootage || event.detail.upload?.kind === 'video') && (
              <Button icon={Download} onClick={() => setExporting(true)}>
                <Trans>Export</Trans>
              </Button>
            )}
            {hasFootage && (
              <Button icon={Lock} onClick={() => setLocking(true)}>
                <Trans>Lock footage</Trans>
              </Button>
            )}
            {hasFootage && (
              <Button icon={FolderPlus} onClick={() => setCollecting(true)}>
                <Trans>Add to case</Trans>
              </Button>
            )}
            <AddToCaseDialog
              open={collecting}
              onOpenChange={setCollecting}
              item={{
                ...{ kind: 'event', sourceId: event.id, cameraIds: [event.cameraId] },
                ...{ startEpochMs: clip.from, endEpochMs: clip.to, label: eventWords(event) },
              }}
            />
            <ExportDialog
              open={exporting}
              onOpenChange={setExporting}
              cameraIds={[event.cameraId]}
              range={{ startEpochMs: clip.from, endEpochMs: clip.to }}
            />
            <LockDialog
              open={locking}
              onOpenChange={setLocking}
              cameraIds={[event.cameraId]}
              range={{ startEpochMs: clip.from, endEpochMs: clip.to }}
            />
          </div>
          <dl className={styles.facts}>
            {eventFacts(event).map((fact) => (
              <div key={fact.name}>
                <dt>{fact.name}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </aside>
      </div>
    </>
  );
}

function EventHead({ event }: { event: NvrEvent }) {
  const filters = useEvents((state) => state.filters);
  const query = filters ? buildFilterQuery(filters) : '';
  const go = useNeighbours(event);
  const at = eventMoment(event);
  const { tailgating, direction } = event.detail;
  return (
    <header className={styles.head}>
      <Link
        to={query === '' ? '/events' : `/events?${query}`}
        className={styles.back}
        aria-label={t`All events`}
      >
        <ArrowLeft size={16} aria-hidden="true" />
      </Link>
      <div className={styles.title}>
        <h1>{tailgating ? tailgatingAnswer(tailgating, direction) : eventWords(event)}</h1>
        <p>
          <Badge hue={eventHue(event)}>{TYPE_NAMES[event.type]}</Badge>
          <time dateTime={new Date(at).toISOString()}>{formatMoment(at)}</time>
          <span>{event.cameraName}</span>
        </p>
      </div>
      <div className={styles.step}>
        <IconButton icon={ChevronLeft} label={t`Previous event`} keys="P" onClick={() => go(-1)} />
        <IconButton icon={ChevronRight} label={t`Next event`} keys="N" onClick={() => go(1)} />
      </div>
    </header>
  );
}

/** Next is later, previous earlier: along the wall as it is filtered, and beyond what it has loaded by asking. */
function useNeighbours(event: NvrEvent): (direction: 1 | -1) => void {
  const latest = useRef<(direction: 1 | -1) => void>(() => undefined);
  latest.current = (direction) => {
    const visits = groupVisits(useEvents.getState().events ?? []);
    const index = visits.findIndex((one) => [one.event, ...one.others].some(({ id }) => id === event.id));
    const beside = index < 0 ? undefined : visits[index - direction];
    if (beside) {
      navigate(`/events/${beside.event.id}`, { replace: true });
      return;
    }
    const cameraIds = (useCameras.getState().cameras ?? []).map((camera) => camera.id);
    const from = direction === 1 ? event.startEpochMs + 1 : event.startEpochMs;
    askNeighbourEvent(cameraIds, from, direction).then((found) => {
      if (found) navigate(`/events/${found.id}`, { replace: true });
      else showToast(direction === 1 ? t`This is the latest event.` : t`This is the first event.`);
    }, showProblem);
  };
  useEffect(() => {
    const onKeyDown = (key: KeyboardEvent) => {
      const target = key.target instanceof HTMLElement ? key.target : null;
      if (key.ctrlKey || key.metaKey || key.altKey || target?.closest('input[type="text"], [role="dialog"]'))
        return;
      if (key.key === 'n') latest.current(1);
      else if (key.key === 'p') latest.current(-1);
      else if (key.key === 'Escape') navigate('/events');
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (direction) => latest.current(direction);
}

function EventSkeleton() {
  return (
    <Loading label={t`Loading the event`} className={styles.body}>
      <div className={styles.main}>
        <Skeleton height="auto" style={{ aspectRatio: '16 / 9' }} />
      </div>
      <div className={styles.side}>
        <Skeleton height={32} />
        <Skeleton height={180} />
      </div>
    </Loading>
  );
}
