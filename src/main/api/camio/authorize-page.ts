/** The page on which a user signs in and allows a client to act for them: plain HTML, no script. */

const WORDS: Record<string, string> = {
  user: 'See your cameras and recordings, change settings, and upload',
  'annotations:write': 'Report what door readers see',
};

export function buildConsentPage(page: {
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
  scopeText: string;
  state: string | undefined;
  problem: string | null;
}): string {
  const hidden = {
    client_id: page.clientId,
    redirect_uri: page.redirectUri,
    scope: page.scopeText,
    state: page.state,
  };
  const fields = Object.entries(hidden)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value!)}">`)
    .join('');
  const scopes = page.scopes.map((scope) => `<li>${escapeHtml(WORDS[scope] ?? scope)}</li>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Allow ${escapeHtml(page.clientId)}? · Threshold NVR</title><style>${STYLE}</style></head>
<body><main><h1>Allow <b>${escapeHtml(page.clientId)}</b>?</h1>
<p>It asks to:</p><ul>${scopes}</ul>
${page.problem ? `<p role="alert" class="problem">${escapeHtml(page.problem)}</p>` : ''}
<form method="post">${fields}
<label>E-mail<input name="email" type="email" autocomplete="username" required autofocus></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<div class="buttons"><button name="decision" value="deny" formnovalidate>Deny</button>
<button name="decision" value="allow" class="main">Sign in and allow</button></div></form>
<p class="note">Afterwards you return to ${escapeHtml(new URL(page.redirectUri).host || page.redirectUri)}.</p></main></body></html>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
main{width:min(24rem,calc(100vw - 3rem));padding:1.5rem}h1{font-size:1.35rem;font-weight:500;overflow-wrap:anywhere}
label{display:block;margin:.9rem 0}input:not([type=hidden]){display:block;box-sizing:border-box;width:100%;padding:.55rem;font:inherit}
.buttons{display:flex;gap:.75rem;justify-content:flex-end;margin-top:1.25rem}button{font:inherit;padding:.5rem 1rem}
.main{font-weight:600}.problem{color:#c62828}.note{opacity:.7;font-size:.9rem;overflow-wrap:anywhere}`;
