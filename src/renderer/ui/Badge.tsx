/** Small marks: a dot of one colour, a word in a frame. Colour always comes with a word. */
import type { ReactNode } from 'react';
import styles from './Badge.module.css';

/** Every colour that means something. */
export type Hue =
  | 'neutral'
  | 'accent'
  | 'alarm'
  | 'degraded'
  | 'well'
  | 'person'
  | 'vehicle'
  | 'animal'
  | 'motion';

export function Dot({ hue = 'neutral', label }: { hue?: Hue; label?: string }) {
  return (
    <span
      className={styles.dot}
      data-hue={hue}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  );
}

export function Badge({ hue = 'neutral', children }: { hue?: Hue; children: ReactNode }) {
  return (
    <span className={styles.badge} data-hue={hue}>
      {children}
    </span>
  );
}
