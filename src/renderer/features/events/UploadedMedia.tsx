/** What was uploaded for an event: its videos and pictures as they are, one large, all to choose from. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download } from 'lucide-react';
import { useState } from 'react';
import type { TimelineUpload } from '../../../shared/contract-archive.ts';
import type { NvrEvent } from '../../../shared/domain-events.ts';
import { api, urls } from '../../client/api.ts';
import { useResource } from '../../client/resource.ts';
import { formatMoment, formatTimeSeconds } from '../../client/time-format.ts';
import { ErrorNote, Loading, Skeleton } from '../../ui/States.tsx';
import { uploadWords } from '../archive/mark-words.ts';
import styles from './UploadedMedia.module.css';

export function UploadedMedia({ event }: { event: NvrEvent }) {
  const { value, error, refresh } = useResource(`uploads-${event.id}`, (signal) =>
    api.uploadsOfEvent(event.id, signal),
  );
  const [chosenId, choose] = useState<string | null>(null);
  if (error)
    return (
      <ErrorNote onRetry={refresh}>
        <Trans>The uploads cannot be shown. {error}</Trans>
      </ErrorNote>
    );
  if (!value) {
    return (
      <Loading label={t`Loading the uploads`}>
        <Skeleton height="auto" style={{ aspectRatio: '16 / 9' }} />
      </Loading>
    );
  }
  const chosen = value.find(({ id }) => id === chosenId) ?? firstShown(value);
  if (!chosen)
    return (
      <p className={styles.gone}>
        <Trans>What was uploaded is no longer kept.</Trans>
      </p>
    );
  return (
    <section className={styles.media} aria-label={t`Uploaded for ${event.cameraName}`}>
      <Shown key={chosen.id} upload={chosen} />
      <p className={styles.words}>
        <span>{uploadWords(chosen)}</span>
        <time dateTime={new Date(chosen.startEpochMs).toISOString()}>
          {formatMoment(chosen.startEpochMs)}
        </time>
        <a href={urls.uploadFile(chosen.id, { save: true })}>
          <Download size={14} aria-hidden="true" /> <Trans>Save as uploaded</Trans>
        </a>
      </p>
      {value.length > 1 && (
        <ul className={styles.strip}>
          {value.map((upload) => (
            <li key={upload.id}>
              <button
                type="button"
                aria-pressed={upload.id === chosen.id}
                aria-label={t`${uploadWords(upload)} at ${formatTimeSeconds(upload.startEpochMs)}`}
                onClick={() => choose(upload.id)}
              >
                <img src={urls.uploadPicture(upload.id, 160)} alt="" loading="lazy" decoding="async" />
                <span>{formatTimeSeconds(upload.startEpochMs)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A video says more than a picture. */
function firstShown(uploads: readonly TimelineUpload[]): TimelineUpload | undefined {
  return uploads.find(({ contentType }) => contentType === 'video/mp4') ?? uploads[0];
}

function Shown({ upload }: { upload: TimelineUpload }) {
  const [failed, setFailed] = useState(false);
  const picture = urls.uploadPicture(upload.id, 1920);
  if (upload.contentType === 'image/jpeg' || failed) {
    return (
      <figure className={styles.shown}>
        <img src={picture} alt={uploadWords(upload)} />
        {failed && (
          <figcaption>
            <Trans>This browser cannot play the uploaded video; its first picture is shown.</Trans>
          </figcaption>
        )}
      </figure>
    );
  }
  return (
    <figure className={styles.shown}>
      <video
        src={urls.uploadFile(upload.id)}
        poster={picture}
        controls
        autoPlay
        muted
        playsInline
        onError={() => setFailed(true)}
      />
    </figure>
  );
}
