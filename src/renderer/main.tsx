/** Entry of the page: styles and the language first, because modules of the app have texts as constants; then the app. */
import '@fontsource-variable/inter';
import './tokens.css';
import './base.css';
import { applyLanguage } from './client/language.ts';
import { applyStoredTheme } from './client/theme.ts';

applyStoredTheme();
await applyLanguage();
const { start } = await import('./start.tsx');
start();
