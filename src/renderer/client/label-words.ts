/** What the analysis sees, in words. */
import { t } from '@lingui/core/macro';
import type { Colour, NvrEvent, ObjectLabel } from '../../shared/domain-events.ts';

export const LABEL_WORDS: Record<ObjectLabel, string> = {
  person: t`person`,
  bicycle: t`bicycle`,
  car: t`car`,
  motorcycle: t`motorcycle`,
  bus: t`bus`,
  truck: t`truck`,
  cat: t`cat`,
  dog: t`dog`,
};

export const COLOUR_WORDS: Record<Colour, string> = {
  black: t`black`,
  white: t`white`,
  gray: t`gray`,
  red: t`red`,
  orange: t`orange`,
  yellow: t`yellow`,
  green: t`green`,
  blue: t`blue`,
  purple: t`purple`,
  pink: t`pink`,
  brown: t`brown`,
};

export const MOVEMENT_WORDS: Record<NonNullable<NvrEvent['detail']['movement']>, string> = {
  approaching: t`approaching`,
  departing: t`departing`,
};

/** Labels that other programs post may be any word: those are shown as they came. */
export function wordOfLabel(label: string): string {
  return label in LABEL_WORDS ? LABEL_WORDS[label as ObjectLabel] : label;
}
