/** Truth files beside clips (`NAME.truth.json`): what really happened, in their own words, and the rules that follow from them. */
import { z } from 'zod';
import type { CameraRules } from '../../src/main/rules/step-camera.ts';
import {
  AnalysisSchema,
  type Line,
  LineSchema,
  type Zone,
  ZoneSchema,
} from '../../src/shared/domain-camera.ts';
import type { ObjectLabel } from '../../src/shared/domain-events.ts';
import { type Direction, sideOfLine } from '../../src/shared/geometry.ts';

const PairSchema = z.tuple([z.number(), z.number()]);
const CompassSchema = z.enum(['L2R', 'R2L', 'T2B', 'B2T']);
const ClassSchema = z.string();

const CrossingSchema = z.object({
  object: z.string(),
  t: z.number(),
  dir: CompassSchema,
  tol: z.number().default(0.3),
});

export const TruthSchema = z.object({
  clip: z.string(),
  objects: z
    .array(
      z.object({
        id: z.string(),
        class: ClassSchema,
        enter: z.number().optional(),
        leave: z.number().optional(),
      }),
    )
    .default([]),
  lines: z
    .array(
      z.object({
        id: z.string(),
        a: PairSchema,
        b: PairSchema,
        classes: z.array(ClassSchema).default(['person', 'vehicle', 'bicycle']),
        anchor: z.string().default('foot'),
        crossings: z.array(CrossingSchema).default([]),
      }),
    )
    .default([]),
  zones: z
    .array(
      z.object({
        id: z.string(),
        polygon: z.array(PairSchema),
        classes: z.array(ClassSchema).optional(),
        anchor: z.string().default('foot'),
        tol: z.number().default(0.6),
        events: z
          .array(z.object({ object: z.string(), enter: z.number().nullish(), leave: z.number().nullish() }))
          .default([]),
      }),
    )
    .default([]),
  loitering: z
    .array(
      z.object({
        zone: z.string(),
        after_s: z.number(),
        expect: z.array(
          z.union([z.string(), z.object({ object: z.string(), t: z.number(), tol: z.number().default(1) })]),
        ),
      }),
    )
    .default([]),
  tailgating: z
    .array(
      z.object({
        line: z.string(),
        window_s: z.number(),
        pairs: z.array(z.array(z.string()).min(2)).default([]),
      }),
    )
    .default([]),
});
export type Truth = z.infer<typeof TruthSchema>;

/** Whether a label belongs to one of the truth's classes (`person`, `vehicle`, `bicycle`, or a label itself). */
export function isOfClass(label: ObjectLabel | undefined, classes: readonly string[]): boolean {
  if (!label) return false;
  return classes.some((name) => {
    if (name === label) return true;
    if (name === 'vehicle') return label === 'car' || label === 'bus' || label === 'truck';
    if (name === 'bicycle') return label === 'motorcycle';
    return false;
  });
}

/** The direction over the line that an object seen to move left to right, top to bottom, ... takes. */
export function directionOf(
  line: { a: [number, number]; b: [number, number] },
  compass: z.infer<typeof CompassSchema>,
): Direction {
  const step = { L2R: [1, 0], R2L: [-1, 0], T2B: [0, 1], B2T: [0, -1] }[compass] as [number, number];
  const a = { x: line.a[0], y: line.a[1] };
  const b = { x: line.b[0], y: line.b[1] };
  return sideOfLine(a, b, { x: a.x + step[0], y: a.y + step[1] }) > 0 ? 'forward' : 'backward';
}

/** The rules a user would set for this truth; loitering is set apart (`after` by zone), as a zone has only one such time. */
export function rulesFor(truth: Truth, loiteringAfter: ReadonlyMap<string, number> = new Map()): CameraRules {
  const lines: Line[] = truth.lines.map((line) => {
    const tailgating = truth.tailgating.find((each) => each.line === line.id);
    return LineSchema.parse({
      name: line.id,
      points: [toPoint(line.a), toPoint(line.b)],
      ...(tailgating ? { tailgating: { windowSeconds: tailgating.window_s } } : {}),
    });
  });
  const zones: Zone[] = truth.zones.map((zone) =>
    ZoneSchema.parse({
      name: zone.id,
      polygons: [{ points: zone.polygon.map(toPoint) }],
      ...(loiteringAfter.has(zone.id) ? { loiteringSeconds: loiteringAfter.get(zone.id) } : {}),
    }),
  );
  return { lines, zones, analysis: AnalysisSchema.parse({}), readers: null };
}

function toPoint([x, y]: [number, number]) {
  return { x, y };
}
