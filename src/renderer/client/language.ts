/**
 * The language of the page: as the browser says, or one that was chosen; kept in this browser. Its catalogue is there before any
 * other module of the page is evaluated (`main.tsx`), and another choice loads the page anew: so a text may be a constant.
 */
import { i18n, type Messages } from '@lingui/core';

interface Language {
  /** Its own name for itself. */
  name: string;
  load: () => Promise<{ messages: Messages }>;
}

/** What can be chosen, by language tag. */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  en: { name: 'English', load: () => import('../locales/en/messages.po') },
};

/** English with accents in every text from a catalogue: what shows none was forgotten. Offered nowhere; the tests store it. */
const ACCENTED = 'en-XA';

const KEY = 'threshold.language';

/** What was chosen: a tag, or 'system'. */
export function storedLanguage(): string {
  const stored = localStorage.getItem(KEY);
  return stored !== null && (Object.hasOwn(LANGUAGES, stored) || stored === ACCENTED) ? stored : 'system';
}

export function chooseLanguage(choice: string): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  location.reload();
}

/** Loads the catalogue and says the language to assistive technology and to every formatter. */
export async function applyLanguage(): Promise<void> {
  const { language, formats } = planLanguage(storedLanguage(), navigator.languages, Object.keys(LANGUAGES));
  const { messages } =
    language === ACCENTED ? await import('../locales/en-XA/messages.po') : await LANGUAGES[language]!.load();
  i18n.load(language, messages);
  i18n.activate(language, formats);
  document.documentElement.lang = language;
}

/**
 * Which catalogue to show and how to write dates and numbers. As the system: the first of the browser's languages that there is,
 * else English, with dates as the browser writes them (`formats` undefined). Chosen: in the browser's own kind of it ('en-GB').
 */
export function planLanguage(
  choice: string,
  wished: readonly string[],
  offered: readonly string[],
): { language: string; formats: string | undefined } {
  if (choice !== 'system')
    return { language: choice, formats: wished.find((tag) => primary(tag) === choice) ?? choice };
  const found = wished.map(primary).find((tag) => offered.includes(tag));
  return { language: found ?? 'en', formats: undefined };
}

/** Of times and dates; undefined: as the browser writes them. */
export function dateLocales(): string | string[] | undefined {
  return i18n.locales;
}

/** 1234.5 in the language of the texts that it stands in; `digits`: decimals, at most or exactly. */
export function formatNumber(value: number, digits: { most: number } | { exactly: number }): string {
  const [least, most] = 'most' in digits ? [0, digits.most] : [digits.exactly, digits.exactly];
  return new Intl.NumberFormat(i18n.locales ?? i18n.locale, {
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  }).format(value);
}

/** 'a and b' in the language of the texts. */
export function formatList(words: readonly string[]): string {
  return new Intl.ListFormat(i18n.locales ?? i18n.locale, { type: 'conjunction' }).format(words);
}

function primary(tag: string): string {
  return tag.split('-')[0]!.toLowerCase();
}
