/** Which findings fall into the hours of their rules. Pure; times are epoch ms, hours those of this machine's zone. */
import type { Finding } from '../../shared/domain-events.ts';
import { isWithinHours } from '../../shared/schedule.ts';
import type { CameraRules } from './step-camera.ts';

/** Without those of lines and zones that are off at their time. What a rule remembers goes on outside its hours. */
export function withinHours(
  findings: readonly Finding[],
  rules: Pick<CameraRules, 'lines' | 'zones'>,
): Finding[] {
  return findings.filter(({ type, atMs, detail }) => {
    const line = rules.lines.find(({ name }) => name === detail.line);
    const zone = rules.zones.find(({ name }) => name === detail.zone);
    return (
      isWithinHours(line?.schedule, atMs) &&
      isWithinHours(zone?.schedule, atMs) &&
      (type !== 'tailgating' || isWithinHours(line?.tailgating?.schedule, atMs))
    );
  });
}

/** The same rules at all hours: for videos, whose times are not those of a clock. */
export function withoutHours(rules: CameraRules): CameraRules {
  return {
    ...rules,
    zones: rules.zones.map(({ schedule: _, ...zone }) => zone),
    lines: rules.lines.map(({ schedule: _, tailgating, ...line }) => ({
      ...line,
      ...(tailgating && { tailgating: { ...tailgating, schedule: undefined } }),
    })),
  };
}
