/** Entry of the page: styles, the root, and nothing else. */
import '@fontsource-variable/inter';
import './tokens.css';
import './base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './App.tsx';
import { applyStoredTheme } from './client/theme.ts';

// zod would otherwise try `new Function`, which the content security policy forbids and reports
z.config({ jitless: true });
applyStoredTheme();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
