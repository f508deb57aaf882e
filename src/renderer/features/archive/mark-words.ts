/** What a mark or an upload on the timeline stands for, in a few words. Pure. */
import type { TimelineMark, TimelineUpload } from '../../../shared/contract-archive.ts';
import type { EventType } from '../../../shared/domain-events.ts';

const TYPE_WORDS: Record<EventType, string> = {
  object: 'seen',
  motion: 'Motion',
  'line-crossing': 'crossed a line',
  'zone-enter': 'entered a zone',
  'zone-leave': 'left a zone',
  loitering: 'loitering',
  crowd: 'Crowd',
  tailgating: 'Tailgating',
  sabotage: 'Camera covered or moved',
  access: 'Door',
};

const LABELLED: ReadonlySet<EventType> = new Set([
  'object',
  'line-crossing',
  'zone-enter',
  'zone-leave',
  'loitering',
]);

export function markWords(mark: Pick<TimelineMark, 'type' | 'label' | 'count'>): string {
  const words = TYPE_WORDS[mark.type];
  const subject = mark.label ?? 'object';
  const text = LABELLED.has(mark.type) ? `${subject} ${words}` : withLabel(mark, words);
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return mark.count > 1 ? `${sentence}, and ${mark.count - 1} more` : sentence;
}

/** What an upload on the timeline is: `Uploaded video, 0:12`. */
export function uploadWords({
  contentType,
  count,
  startEpochMs,
  endEpochMs,
}: Omit<TimelineUpload, 'id'>): string {
  if (contentType === 'image/jpeg') return count > 1 ? `${count} uploaded pictures` : 'Uploaded picture';
  if (count > 1) return `${count} uploaded videos`;
  const seconds = Math.max(1, Math.round((endEpochMs - startEpochMs) / 1000));
  return `Uploaded video, ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function withLabel(mark: Pick<TimelineMark, 'type' | 'label'>, words: string): string {
  return mark.type === 'access' && mark.label ? mark.label : words;
}
