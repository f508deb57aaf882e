/** Light, dark, or what the system says; kept in this browser. */
import { create } from 'zustand';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'threshold.theme';

export const useTheme = create<{ theme: Theme }>(() => ({ theme: 'system' }));

export function applyStoredTheme(): void {
  const stored = localStorage.getItem(KEY);
  setTheme(THEMES.find((theme) => theme === stored) ?? 'system');
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset.theme = theme;
  }
  useTheme.setState({ theme });
}
