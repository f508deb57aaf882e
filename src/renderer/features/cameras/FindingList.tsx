/** What a look at a camera's streams found to be otherwise than it should, each with what to do; or that all is well. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { StreamFinding } from '../../../shared/onboarding.ts';
import styles from './FindingList.module.css';

export function FindingList({ findings }: { findings: readonly StreamFinding[] }) {
  if (findings.length === 0)
    return (
      <p className={styles.well}>
        <CircleCheck size={16} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Password, codec, key frames, clock and size are as they should be.</Trans>
      </p>
    );
  return (
    <ul className={styles.findings} aria-label={t`What should be otherwise`}>
      {findings.map(({ kind, words, advice }) => (
        <li key={`${kind} ${words}`}>
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
          <div>
            <p className={styles.words}>{words}.</p>
            <p className={styles.advice}>{advice}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
