/**
 * Checks that the texts of the web UI come from its message catalogues (docs/translating.md): no text between tags, in an attribute
 * or a property that people read, nor any sentence, outside `Trans`, `t`, `plural` and their like. Prints every one; exit 1 if there is one.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = 'src/renderer';

/** Elements and functions whose texts are in the catalogues. */
const MACRO_ELEMENTS = new Set(['Trans', 'Plural']);
const MACRO_CALLS = new Set(['t', 'plural']);
/** Attributes and properties that are shown or read out. */
const READ = new Set(
  `aria-label aria-description aria-roledescription aria-valuetext label title placeholder alt note hint detail details
  description text words question action confirm submit empty what heading caption summary advice reason`.split(
    /\s+/,
  ),
);
/** The same in every language: names of products and protocols, units, examples of addresses and the like. */
const SAME_EVERYWHERE = [
  /^(Threshold( NVR)?|Camio|Faceter|Camlytics|OAuth|Webhook|ONVIF|RTSP|HTTP|MQTT|USB|SHA-256|Ctrl|Esc|Enter|Shift|Space|Home|End|Alt)$/,
  /^[\p{N}\p{P}\p{S}\s]*(s|min|h|d|ms|px|fps|kB|MB|GB|TB|Mbit\/s|kbit\/s)?[\p{N}\p{P}\p{S}\s]*$/u,
  /^(rtsp|https?|file|mailto|blob|data):/,
  /^\/\S*$/,
  /^-----BEGIN [A-Z ]+-----$/,
  /example\.com$|^door-app$|^var\(/,
  // what is searched for is English (docs/translating.md)
  /^people blue yesterday$|^front people approaching mailbox$/,
];

/** Each with its line, from 1, and what is written there; `…` stands for a placeholder. */
export function findLooseTexts(code, file) {
  const { program } = parseSync(file, code);
  const found = [];
  visit(program, { read: false });
  return found;

  function visit(node, context) {
    if (Array.isArray(node)) {
      for (const one of node) visit(one, context);
      return;
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
    if (isMacro(node)) return;
    judge(node, context);
    for (const [key, child] of Object.entries(node)) {
      if (key === 'typeAnnotation' || key === 'typeParameters' || key === 'typeArguments') continue;
      if (typeof child === 'object' && child !== null) visit(child, contextOf(node, key, context));
    }
  }

  function judge(node, { read }) {
    if (node.type === 'JSXText') report(node, node.value.trim(), /\p{L}/u);
    else if (node.type === 'Literal' && typeof node.value === 'string')
      report(node, node.value, read ? /\p{L}/u : SENTENCE);
    else if (node.type === 'TemplateLiteral')
      report(node, node.quasis.map(({ value }) => value.cooked).join('…'), read ? /\p{L}/u : SENTENCE);
  }

  function report(node, text, pattern) {
    if (!pattern.test(text) || SAME_EVERYWHERE.some((one) => one.test(text.replaceAll('…', '')))) return;
    found.push({ line: code.slice(0, node.start).split('\n').length, text });
  }
}

/** A capital, then two words or more. */
const SENTENCE = /^\p{Lu}[\p{L}’'-]*,? \p{L}/u;

function isMacro(node) {
  if (node.type === 'TaggedTemplateExpression') return MACRO_CALLS.has(node.tag.name);
  if (node.type === 'CallExpression')
    return MACRO_CALLS.has(node.callee.name) || ['Error', 'require'].includes(node.callee.name);
  if (node.type === 'NewExpression') return /Error$/.test(node.callee.name ?? '');
  if (node.type === 'JSXElement') return MACRO_ELEMENTS.has(node.openingElement.name.name);
  return /^(Import|Export\w+From|TS(?!AsExpression|SatisfiesExpression|NonNullExpression))/.test(node.type);
}

/** Whether a text found under `key` of `node` is read by people. */
function contextOf(node, key, { read }) {
  switch (node.type) {
    case 'JSXAttribute':
      return { read: READ.has(node.name.name) };
    case 'Property':
      return { read: key === 'value' && READ.has(node.key.name) };
    case 'JSXElement':
    case 'JSXFragment':
      return { read: key === 'children' };
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return { read };
    case 'ConditionalExpression':
      return { read: read && key !== 'test' };
    case 'LogicalExpression':
      return { read: read && (key === 'right' || node.operator !== '&&') };
    default:
      return { read: false };
  }
}

function* sources(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name)) yield path;
  }
}

export function checkTexts() {
  return [...sources(join(ROOT, FOLDER))].flatMap((path) => {
    const file = relative(ROOT, path).replaceAll('\\', '/');
    return findLooseTexts(readFileSync(path, 'utf8'), file).map(
      ({ line, text }) => `${file}:${line}: ${text}`,
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const loose = checkTexts();
  for (const line of loose) console.error(line);
  console.log(
    loose.length === 0 ? 'All texts are in the catalogues.' : `${loose.length} texts outside the catalogues.`,
  );
  process.exitCode = loose.length === 0 ? 0 : 1;
}
