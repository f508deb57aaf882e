/** Says whether the package is as it was signed. A page from a disk may not read the files beside it: the reader chooses their folder. */
import type { EvidenceManifest } from '../shared/evidence.ts';
import { MANIFEST_FILE, PAGE_FILE, SIGNED_FILES } from '../shared/evidence-files.ts';
import { type Finding, type FoundPackage, judgePackage } from '../shared/evidence-judge.ts';
import { crypto, digestFile } from './crypto.ts';
import { element } from './dom.ts';

interface CheckDeps {
  manifest: EvidenceManifest;
  manifestText: string;
  /** The manifest in the page has a good signature. */
  signed: boolean;
}

const KIND_WORDS = { changed: 'Changed', missing: 'Missing', added: 'Added' };

export class CheckPanel {
  readonly element: HTMLElement;
  private readonly deps: CheckDeps;
  private readonly state = element('div', { class: 'state', role: 'status' });
  private readonly chooser = element('input', {
    type: 'file',
    webkitdirectory: '',
    multiple: '',
    id: 'folder',
  });

  constructor(deps: CheckDeps) {
    this.deps = deps;
    this.chooser.addEventListener('change', () => void this.check([...(this.chooser.files ?? [])]));
    const { fingerprint } = deps.manifest.installation;
    this.element = element(
      'section',
      { class: 'check', 'aria-label': 'Check' },
      this.state,
      element(
        'div',
        { class: 'choose' },
        element('label', { for: 'folder', class: 'button' }, 'Check all files…'),
        this.chooser,
        element(
          'span',
          { class: 'hint' },
          'Choose the folder in which this page lies. Nothing leaves this computer.',
        ),
      ),
      element(
        'p',
        { class: 'hint' },
        'Signed with the key ',
        element('code', {}, fingerprint),
        '. Whoever made the recording can tell you whether this is theirs.',
      ),
    );
    if (deps.signed)
      this.say(
        'open',
        'The list of files is signed and unchanged. The files themselves have not been checked yet.',
      );
    else this.say('bad', 'This page or the list of files in it was changed: the signature does not fit.');
  }

  private async check(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const byPath = new Map(files.map((file) => [innerPath(file), file]));
    if (!byPath.has(MANIFEST_FILE) && !byPath.has(PAGE_FILE)) {
      this.say('bad', 'This is not the folder of this package. Choose the one in which this page lies.');
      return;
    }
    const total = Math.max(
      1,
      files.reduce((sum, { size }) => sum + size, 0),
    );
    let read = 0;
    let shown = -1;
    const onRead = (bytes: number) => {
      read += bytes;
      const percent = Math.floor((100 * read) / total);
      if (percent === shown) return;
      shown = percent;
      this.say('open', `Checking the files: ${percent} %`);
    };
    try {
      const digests: Array<[string, { sizeBytes: number; sha256: string }]> = [];
      for (const [path, file] of byPath)
        digests.push([path, { sizeBytes: file.size, sha256: await digestFile(file, onRead) }]);
      const bytesOf = async (path: string) => {
        const file = byPath.get(path);
        return file ? new Uint8Array(await file.arrayBuffer()) : null;
      };
      this.judge({
        files: new Map(digests),
        manifest: await bytesOf(SIGNED_FILES.manifest),
        manifestSignature: await bytesOf(SIGNED_FILES.manifestSignature),
        page: await bytesOf(SIGNED_FILES.page),
        pageSignature: await bytesOf(SIGNED_FILES.pageSignature),
      });
    } catch (error) {
      this.say(
        'bad',
        `The files could not be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      this.chooser.value = '';
    }
  }

  private judge(found: FoundPackage): void {
    const { manifest, manifestText, signed } = this.deps;
    const { findings } = judgePackage(found, manifest, crypto);
    const isOther = found.manifest && new TextDecoder().decode(found.manifest) !== manifestText;
    if (isOther && !findings.some(({ path }) => path === MANIFEST_FILE))
      findings.push({ path: MANIFEST_FILE, kind: 'changed', words: 'It is not the one of this page.' });
    if (findings.length === 0 && signed) {
      const count = found.files.size;
      this.say(
        'good',
        `Genuine: all ${count} files are as they were signed. Nothing is changed, missing or added.`,
      );
      return;
    }
    const head = signed
      ? `Not as it was signed: ${findings.length === 1 ? 'one file' : `${findings.length} files`}.`
      : 'This page or the list of files in it was changed: the signature does not fit.';
    this.say('bad', head, findings);
  }

  private say(kind: 'good' | 'bad' | 'open', words: string, findings: readonly Finding[] = []): void {
    this.state.dataset.kind = kind;
    this.state.replaceChildren(element('p', {}, words));
    if (findings.length === 0) return;
    this.state.append(
      element(
        'ul',
        {},
        ...findings.map(({ path, kind: what, words: why }) =>
          element('li', {}, element('strong', {}, `${KIND_WORDS[what]}: ${path}`), ` ${why}`),
        ),
      ),
    );
  }
}

/** Without the name of the chosen folder. */
function innerPath(file: File): string {
  return file.webkitRelativePath.split('/').slice(1).join('/') || file.name;
}
