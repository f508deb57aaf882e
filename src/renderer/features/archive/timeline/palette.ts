/** The design tokens as colours a canvas understands; read again when the theme changes. */
import { BOOKMARK_COLOURS, type BookmarkColour } from '../../../../shared/bookmarks.ts';
import type { MarkKind } from '../../../../shared/mark-kind.ts';

export interface Palette {
  surface: string;
  text: string;
  textQuiet: string;
  textFaint: string;
  line: string;
  lineStrong: string;
  accent: string;
  accentSoft: string;
  recorded: string;
  recordedStrong: string;
  hatch: string;
  degraded: string;
  uploaded: string;
  future: string;
  font: string;
  marks: Record<MarkKind, string>;
  bookmarks: Record<BookmarkColour, string>;
}

const TOKENS = {
  surface: 'var(--surface)',
  text: 'var(--text)',
  textQuiet: 'var(--text-quiet)',
  textFaint: 'var(--text-faint)',
  line: 'var(--line)',
  lineStrong: 'var(--line-strong)',
  accent: 'var(--accent)',
  accentSoft: 'color-mix(in srgb, var(--accent) 14%, transparent)',
  recorded: 'color-mix(in srgb, var(--text-faint) 34%, var(--surface))',
  recordedStrong: 'color-mix(in srgb, var(--text-faint) 62%, var(--surface))',
  hatch: 'color-mix(in srgb, var(--degraded) 75%, transparent)',
  degraded: 'var(--degraded)',
  uploaded: 'color-mix(in srgb, var(--accent) 70%, var(--surface))',
  future: 'color-mix(in srgb, var(--canvas) 70%, transparent)',
} as const;

const MARK_TOKENS: Record<MarkKind, string> = {
  person: 'var(--person)',
  vehicle: 'var(--vehicle)',
  animal: 'var(--animal)',
  motion: 'var(--motion)',
  alarm: 'var(--alarm)',
  access: 'var(--text-quiet)',
  camera: 'var(--degraded)',
};

/** `host` must stand in the document: its computed colours are read through a probe inside it. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  host.append(probe);
  const resolve = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(Object.entries(TOKENS).map(([name, value]) => [name, resolve(value)]));
  const marks = Object.fromEntries(
    Object.entries(MARK_TOKENS).map(([kind, value]) => [kind, resolve(value)]),
  );
  const bookmarks = Object.fromEntries(
    BOOKMARK_COLOURS.map((colour) => [colour, resolve(`var(--flag-${colour})`)]),
  );
  const font = getComputedStyle(host).fontFamily;
  probe.remove();
  return {
    ...(colours as Omit<Palette, 'marks' | 'bookmarks' | 'font'>),
    marks: marks as Record<MarkKind, string>,
    bookmarks: bookmarks as Record<BookmarkColour, string>,
    font,
  };
}

/** Calls back when the colours may have changed: the system's scheme or the user's choice. */
export function onThemeChange(listener: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  scheme.addEventListener('change', listener);
  return () => {
    scheme.removeEventListener('change', listener);
    observer.disconnect();
  };
}
