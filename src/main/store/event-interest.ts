/** How much an event deserves attention, as Camio grades it: 2 important, 1 some, 0 hardly any. */
import type { EventDetail, EventType } from '../../shared/domain-events.ts';

const OF_UPLOAD = { m: 2, a: 1, h: 0 } as const;

/** 2: objects, analytic and access events, motion-triggered uploads; 1: motion in a zone, sound-triggered uploads; 0: the rest. */
export function interestOf(type: EventType, detail: EventDetail): 0 | 1 | 2 {
  if (detail.upload) return OF_UPLOAD[detail.upload.imageType];
  if (type !== 'motion') return 2;
  return detail.zone === undefined ? 0 : 1;
}
