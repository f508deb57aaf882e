/** The SHA-256 fingerprint of a certificate; where it is too long for a line, it is broken between its pairs. */
import { Fragment } from 'react';
import styles from './Network.module.css';

export function Fingerprint({ of }: { of: string }) {
  const pairs = of.split(':');
  return (
    <span className={styles.fingerprint}>
      {pairs.map((pair, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pairs repeat, and never change places
        <Fragment key={index}>
          {index > 0 && ':'}
          <wbr />
          {pair}
        </Fragment>
      ))}
    </span>
  );
}
