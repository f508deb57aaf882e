/** Plays the clips one after the other, with the time of each picture; a line per camera shows what is recorded and what is not. */
import type { EvidenceCamera, EvidenceClip, EvidenceManifest } from '../shared/evidence.ts';
import { element } from './dom.ts';
import { formatLength, formatMoment, formatTime } from './time.ts';

const SPEEDS = [0.25, 0.5, 1, 2, 4];

export class Player {
  readonly element: HTMLElement;
  private readonly manifest: EvidenceManifest;
  private readonly video = element('video', { controls: '', playsinline: '', preload: 'metadata' });
  private readonly clock = element('output', { class: 'clock', 'aria-label': 'Time of the picture' });
  private readonly camera = element('p', { class: 'camera' });
  private readonly note = element('p', { class: 'note', role: 'status' });
  private readonly playheads: HTMLElement[] = [];
  private readonly clips: Array<{ camera: EvidenceCamera; clip: EvidenceClip; button: HTMLButtonElement }> =
    [];
  private current = -1;
  /** The file that is played: a clip, or its copy. */
  private shown = '';
  private wantedSeconds = 0;
  private wantsToPlay = false;

  constructor(manifest: EvidenceManifest) {
    this.manifest = manifest;
    const lanes = element('div', { class: 'lanes' }, ...manifest.cameras.map((camera) => this.lane(camera)));
    const speeds = element('select', { 'aria-label': 'Speed' });
    for (const speed of SPEEDS) speeds.append(element('option', { value: String(speed) }, `${speed}×`));
    speeds.value = '1';
    speeds.addEventListener('change', () => {
      this.video.defaultPlaybackRate = Number(speeds.value);
      this.video.playbackRate = Number(speeds.value);
    });
    const step = (frames: number, label: string, text: string) => {
      const button = element('button', { type: 'button', 'aria-label': label, title: label }, text);
      button.addEventListener('click', () => {
        this.video.pause();
        this.video.currentTime = Math.max(0, this.video.currentTime + frames / 25);
      });
      return button;
    };
    this.element = element(
      'section',
      { class: 'player', 'aria-label': 'Recordings' },
      element('div', { class: 'picture' }, this.video),
      element(
        'div',
        { class: 'bar' },
        element('div', { class: 'words' }, this.camera, this.clock),
        element(
          'div',
          { class: 'tools' },
          step(-1, 'A moment back', '‹'),
          step(1, 'A moment on', '›'),
          speeds,
        ),
      ),
      this.note,
      lanes,
      this.scale(),
    );
    this.video.addEventListener('timeupdate', () => this.showTime());
    this.video.addEventListener('seeked', () => this.showTime());
    this.video.addEventListener('ended', () => this.playNext());
    this.video.addEventListener('error', () => this.explainError());
    // Some browsers play the sound of what they cannot show.
    this.video.addEventListener('loadedmetadata', () => this.video.videoWidth === 0 && this.explainError());
    if (this.clips.length > 0) this.open(0, 0, false);
    else this.note.textContent = 'Nothing was recorded in this time. The gaps below say why.';
  }

  /** One camera: its name, and its clips and gaps as stretches of the range. */
  private lane(camera: EvidenceCamera): HTMLElement {
    const { timeZone } = this.manifest;
    const track = element('div', { class: 'track' });
    for (const gap of camera.gaps) {
      const words = `Nothing recorded from ${formatTime(gap.fromEpochMs, timeZone)} for ${formatLength(gap.toEpochMs - gap.fromEpochMs)}: ${gap.detail}`;
      track.append(this.stretch('span', 'gap', gap, { title: words }));
    }
    for (const clip of camera.clips) {
      const words = `${camera.name}, ${formatMoment(clip.fromEpochMs, timeZone)}, ${formatLength(clip.toEpochMs - clip.fromEpochMs)}`;
      const button = this.stretch('button', 'clip', clip, {
        type: 'button',
        'aria-label': `Play ${words}`,
        title: words,
      });
      const index = this.clips.push({ camera, clip, button }) - 1;
      button.addEventListener('click', (event) => {
        const box = button.getBoundingClientRect();
        const share = event.detail === 0 ? 0 : (event.clientX - box.left) / Math.max(1, box.width);
        this.open(index, (share * (clip.toEpochMs - clip.fromEpochMs)) / 1000, true);
      });
      track.append(button);
    }
    const playhead = element('i', { class: 'playhead', hidden: '' });
    this.playheads.push(playhead);
    track.append(playhead);
    return element('div', { class: 'lane' }, element('span', { class: 'name' }, camera.name), track);
  }

  private stretch<K extends 'span' | 'button'>(
    tag: K,
    kind: string,
    range: { fromEpochMs: number; toEpochMs: number },
    attributes: Record<string, string>,
  ): HTMLElementTagNameMap[K] {
    const made = element(tag, { class: kind, ...attributes });
    made.style.left = `${this.shareOf(range.fromEpochMs)}%`;
    made.style.width = `${Math.max(0.2, this.shareOf(range.toEpochMs) - this.shareOf(range.fromEpochMs))}%`;
    return made;
  }

  private scale(): HTMLElement {
    const { fromEpochMs, toEpochMs, timeZone } = this.manifest;
    return element(
      'div',
      { class: 'scale', 'aria-hidden': 'true' },
      element('span', {}, formatMoment(fromEpochMs, timeZone)),
      element('span', {}, formatMoment(toEpochMs, timeZone)),
    );
  }

  private open(index: number, seconds: number, play: boolean): void {
    const chosen = this.clips[index];
    if (!chosen) return;
    if (index !== this.current) {
      this.clips[this.current]?.button.removeAttribute('aria-current');
      this.current = index;
      chosen.button.setAttribute('aria-current', 'true');
      this.note.textContent = '';
      this.camera.textContent = chosen.camera.name;
      this.video.setAttribute('aria-label', chosen.camera.name);
      this.show(chosen.clip.path, seconds, play);
    } else this.show(this.shown, seconds, play);
    this.showTime();
  }

  private show(path: string, seconds: number, play: boolean): void {
    [this.wantedSeconds, this.wantsToPlay] = [seconds, play];
    if (path !== this.shown) this.video.src = path.split('/').map(encodeURIComponent).join('/');
    this.shown = path;
    this.video.currentTime = seconds;
    if (play) this.video.play().catch(() => {}); // the note says why it does not play
  }

  private playNext(): void {
    const [now, next] = [this.clips[this.current], this.clips[this.current + 1]];
    if (now && next?.camera === now.camera) this.open(this.current + 1, 0, true);
  }

  private showTime(): void {
    const now = this.clips[this.current];
    if (!now) return;
    const atEpochMs = now.clip.fromEpochMs + this.video.currentTime * 1000;
    this.clock.textContent = formatMoment(atEpochMs, this.manifest.timeZone, { ms: true });
    for (const [index, playhead] of this.playheads.entries()) {
      playhead.hidden = this.manifest.cameras[index] !== now.camera;
      playhead.style.left = `${this.shareOf(atEpochMs)}%`;
    }
  }

  private explainError(): void {
    const now = this.clips[this.current];
    if (!now) return;
    if (now.clip.copy && this.shown !== now.clip.copy) {
      this.show(now.clip.copy, this.wantedSeconds, this.wantsToPlay);
      this.note.textContent =
        'This browser cannot play the recording itself: a copy of it is shown, encoded anew.';
      return;
    }
    const isH265 = /^(hvc1|hev1)/.test(now.clip.videoCodec);
    this.note.textContent = isH265
      ? `This browser cannot play H.265 here. Open “${now.clip.path}” in a player such as VLC; the check above does not depend on it.`
      : `“${now.clip.path}” cannot be played. It must lie in the folder of this page; the check above says whether it was changed.`;
  }

  private shareOf(epochMs: number): number {
    const { fromEpochMs, toEpochMs } = this.manifest;
    return (100 * (epochMs - fromEpochMs)) / Math.max(1, toEpochMs - fromEpochMs);
  }
}
