/** Takes words as people type them and hands on the cameras, labels and time that they mean. */
import { t } from '@lingui/core/macro';
import { Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useCameras } from '../../client/cameras-store.ts';
import { parseSearch, placesOf, type SearchWords } from '../../client/parse-search.ts';
import styles from './EventFilterBar.module.css';

export function SearchWordsField({ onSearch }: { onSearch: (found: SearchWords) => void }) {
  const [text, setText] = useState('');
  const cameras = useCameras((state) => state.cameras) ?? [];

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() === '') return;
    onSearch(parseSearch(text, { cameras, places: placesOf(cameras) }, Date.now()));
    setText('');
  }

  return (
    <form className={styles.search} onSubmit={submit}>
      <Search size={16} strokeWidth={1.75} aria-hidden="true" />
      <input
        type="search"
        aria-label={t`Search events`}
        placeholder="people blue yesterday"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
