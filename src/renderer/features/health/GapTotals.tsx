/** The gaps of a range in sum: how long and how many, by cause. */

import { t } from '@lingui/core/macro';
import { Plural } from '@lingui/react/macro';
import type { GapLedger } from '../../../shared/contract-health.ts';
import { formatSpan } from '../../client/time-format.ts';
import { Dot } from '../../ui/Badge.tsx';
import { causeWords, isLoss } from '../archive/gap-words.ts';
import styles from './GapsSection.module.css';

export function GapTotals({ totals }: { totals: GapLedger['totals'] }) {
  return (
    <dl className={styles.totals} aria-label={t`Gaps by cause`}>
      {totals.map((total) => (
        <div key={total.cause}>
          <dt>
            <Dot hue={isLoss(total) ? 'alarm' : 'neutral'} />
            {causeWords(total)}
          </dt>
          <dd>
            {formatSpan(total.missingMs)}
            <small>
              <Plural value={total.count} one="# gap" other="# gaps" />
              {isLoss(total) ? '' : `, ${t`no loss`}`}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
