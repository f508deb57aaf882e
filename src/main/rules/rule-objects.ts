/** Which findings are of the kinds of objects that their lines and zones are about. Pure. */
import { type Finding, LABEL_GROUP } from '../../shared/domain-events.ts';
import type { CameraRules } from './step-camera.ts';

/** Crowds and tailgating are of people, motion of whatever moves: those stay. What a rule remembers goes on for all objects. */
export function ofTheirObjects(
  findings: readonly Finding[],
  rules: Pick<CameraRules, 'lines' | 'zones'>,
): Finding[] {
  return findings.filter(({ type, detail }) => {
    if (type === 'tailgating' || !detail.label) return true;
    const group = LABEL_GROUP[detail.label];
    const line = rules.lines.find(({ name }) => name === detail.line);
    const zone = rules.zones.find(({ name }) => name === detail.zone);
    return [line, zone].every((rule) => rule?.objects?.includes(group) ?? true);
  });
}
