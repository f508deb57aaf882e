/** The files of an evidence package, by name. */

export const MANIFEST_FILE = 'manifest.json';
export const PAGE_FILE = 'Open this page.html';
export const KEY_FILE = 'public-key.pem';
export const README_FILE = 'Read me.txt';
export const CLIPS_FOLDER = 'clips';
export const COPIES_FOLDER = 'copies for old players';

/** The signature of a file: `manifest.sig` of `manifest.json`. */
export function signatureFileOf(path: string): string {
  return path.replace(/\.[^.]*$/, '.sig');
}

/** Files that are signed themselves, and their signatures; all others are listed in the manifest. */
export const SIGNED_FILES = {
  manifest: MANIFEST_FILE,
  manifestSignature: signatureFileOf(MANIFEST_FILE),
  page: PAGE_FILE,
  pageSignature: signatureFileOf(PAGE_FILE),
} as const;
