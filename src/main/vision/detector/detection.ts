/** What any detector reports and the tracker follows: one object in one picture. No model knowledge. */
import type { ObjectLabel } from '../../../shared/domain-events.ts';
import type { Box } from '../../../shared/geometry.ts';

export interface Detection {
  label: ObjectLabel;
  /** Score 0..1; reported down to about 0.1 for the tracker's second matching stage. */
  confidence: number;
  /** Fractions of the picture; may reach beyond 0..1 where the model says so. */
  box: Box;
  /** The model says something else that vehicles are taken for (a car from above is a phone): only good to follow what is known, or may soon be. */
  isLookAlike?: true;
}
