/** What a mark or an upload on the timeline stands for, in a few words. Pure. */
import { plural, t } from '@lingui/core/macro';
import type { TimelineMark, TimelineUpload } from '../../../shared/contract-archive.ts';
import type { EventType } from '../../../shared/domain-events.ts';
import { capital } from '../../client/event-words.ts';
import { wordOfLabel } from '../../client/label-words.ts';

/** `who`: what was seen, and what the door reported. */
const TYPE_WORDS: Record<EventType, (who: string, report: string | null) => string> = {
  object: (who) => t`${who} seen`,
  motion: () => t`Motion`,
  'line-crossing': (who) => t`${who} crossed a line`,
  'zone-enter': (who) => t`${who} entered a zone`,
  'zone-leave': (who) => t`${who} left a zone`,
  loitering: (who) => t`${who} loitering`,
  crowd: () => t`Crowd`,
  tailgating: () => t`Tailgating`,
  sabotage: () => t`Camera covered or moved`,
  access: (_who, report) => report ?? t`Door`,
};

export function markWords(mark: Pick<TimelineMark, 'type' | 'label' | 'count'>): string {
  const who = mark.label === null ? t`object` : wordOfLabel(mark.label);
  const sentence = capital(TYPE_WORDS[mark.type](capital(who), mark.label));
  return mark.count > 1 ? t`${sentence}, and ${mark.count - 1} more` : sentence;
}

/** What an upload on the timeline is: `Uploaded video, 0:12`. */
export function uploadWords({
  contentType,
  count,
  startEpochMs,
  endEpochMs,
}: Omit<TimelineUpload, 'id'>): string {
  if (contentType === 'image/jpeg')
    return count > 1
      ? plural(count, { one: '# uploaded picture', other: '# uploaded pictures' })
      : t`Uploaded picture`;
  if (count > 1) return plural(count, { one: '# uploaded video', other: '# uploaded videos' });
  const seconds = Math.max(1, Math.round((endEpochMs - startEpochMs) / 1000));
  return t`Uploaded video, ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
