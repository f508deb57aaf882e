/** The choice of a bookmark's colour: each with its name for those who do not see it. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { BOOKMARK_COLOURS, type BookmarkColour } from '../../../shared/bookmarks.ts';
import styles from './Bookmarks.module.css';

const NAMES: Record<BookmarkColour, string> = {
  blue: t`Blue`,
  teal: t`Teal`,
  green: t`Green`,
  amber: t`Amber`,
  pink: t`Pink`,
  grey: t`Grey`,
};

export function ColourField({
  value,
  onValue,
}: {
  value: BookmarkColour;
  onValue: (colour: BookmarkColour) => void;
}) {
  return (
    <fieldset className={styles.colours}>
      <legend>
        <Trans>Colour</Trans>
      </legend>
      {BOOKMARK_COLOURS.map((colour) => (
        <label key={colour} className={styles.colour} data-colour={colour} title={NAMES[colour]}>
          <input
            type="radio"
            name="bookmark-colour"
            className="visually-hidden"
            checked={colour === value}
            onChange={() => onValue(colour)}
          />
          <span className="visually-hidden">{NAMES[colour]}</span>
        </label>
      ))}
    </fieldset>
  );
}
