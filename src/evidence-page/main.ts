/** The page of an evidence package. It lies beside the clips, is opened from a disk, and has no network: all that it needs is in it. */
import type { EvidenceManifest } from '../shared/evidence.ts';
import { fingerprintOf, parseBase64 } from '../shared/evidence-judge.ts';
import { CheckPanel } from './check-panel.ts';
import { crypto } from './crypto.ts';
import { element } from './dom.ts';
import { buildFacts } from './facts.ts';
import { Player } from './player.ts';

declare global {
  interface Window {
    /** JSON of `EvidenceData`. */
    evidenceData: string;
  }
}

interface EvidenceData {
  /** The text of manifest.json. */
  manifest: string;
  /** Of it: Ed25519, base64. */
  signature: string;
}

const page = document.getElementById('page');
if (page) {
  try {
    show(page, JSON.parse(window.evidenceData) as EvidenceData);
  } catch {
    page.replaceChildren(
      element('p', { role: 'alert' }, 'This page has been changed: what it should show cannot be read.'),
    );
  }
}

function show(root: HTMLElement, data: EvidenceData): void {
  const manifest = JSON.parse(data.manifest) as EvidenceManifest;
  const key = parseBase64(manifest.installation.publicKey);
  const signature = parseBase64(data.signature);
  const signed =
    key !== null &&
    signature !== null &&
    crypto.verify(signature, new TextEncoder().encode(data.manifest), key) &&
    fingerprintOf(key, crypto) === manifest.installation.fingerprint;
  const player = new Player(manifest);
  const names = manifest.cameras.map(({ name }) => name).join(', ');
  document.title = `Evidence: ${names}`;
  root.replaceChildren(
    element('header', {}, element('p', { class: 'kind' }, 'Evidence'), element('h1', {}, names)),
    new CheckPanel({ manifest, manifestText: data.manifest, signed }).element,
    player.element,
    buildFacts(manifest),
  );
}
