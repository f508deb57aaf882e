/** What is open in the shell. */
import { create } from 'zustand';

export const useShell = create<{ paletteOpen: boolean; keysOpen: boolean }>(() => ({
  paletteOpen: false,
  keysOpen: false,
}));
