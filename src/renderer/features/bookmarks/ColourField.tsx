/** The choice of a bookmark's colour: each with its name for those who do not see it. */
import { BOOKMARK_COLOURS, type BookmarkColour } from '../../../shared/bookmarks.ts';
import styles from './Bookmarks.module.css';

const NAMES: Record<BookmarkColour, string> = {
  blue: 'Blue',
  teal: 'Teal',
  green: 'Green',
  amber: 'Amber',
  pink: 'Pink',
  grey: 'Grey',
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
      <legend>Colour</legend>
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
