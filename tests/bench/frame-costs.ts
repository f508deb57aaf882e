/** What painted frames cost a page's main thread, from a trace of Chromium: processor time, so that what else the machine does counts for nothing. */
import type { Browser, Page } from 'playwright';
import { z } from 'zod';

/** The bench's page marks each painting of the timeline with this name. */
export const PAINTED = 'timeline-painted';
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];

const TraceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds: begin, length, and length in processor time. */
      ts: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
    }),
  ),
});
type TraceEvent = z.infer<typeof TraceSchema>['traceEvents'][number];

export interface FrameCosts {
  /** Milliseconds of the main thread per painted frame: input, script, style, layout and paint since the frame before. */
  cpuMs: number[];
  /** From one animation frame to the next, in milliseconds. */
  intervalsMs: number[];
}

/** Runs `gesture` on the page under a trace. */
export async function traceFrames(
  browser: Browser,
  page: Page,
  gesture: () => Promise<void>,
): Promise<FrameCosts> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await gesture();
  const trace = await browser.stopTracing();
  return costsOf(TraceSchema.parse(JSON.parse(trace.toString())).traceEvents);
}

function costsOf(events: readonly TraceEvent[]): FrameCosts {
  const mark = events.find(({ name }) => name === PAINTED);
  const ofPage = events
    .filter(({ pid, tid }) => pid === mark?.pid && tid === mark.tid)
    .sort((a, b) => a.ts - b.ts);
  const timesOf = (wanted: string) => ofPage.filter(({ name }) => name === wanted).map(({ ts }) => ts);
  const [painted, animated] = [timesOf(PAINTED), timesOf('FireAnimationFrame')];
  const cpuMs: number[] = [];
  const frames: number[] = [];
  let sinceFrameMs = 0;
  for (const { name, ts, dur = 0, tdur = 0 } of ofPage) {
    if (name !== 'RunTask') continue;
    sinceFrameMs += tdur / 1000;
    const within = (times: number[]) => times.some((time) => time >= ts && time <= ts + dur);
    if (!within(animated)) continue;
    frames.push(ts);
    if (within(painted)) cpuMs.push(sinceFrameMs);
    sinceFrameMs = 0;
  }
  return { cpuMs, intervalsMs: frames.slice(1).map((ts, i) => (ts - frames[i]!) / 1000) };
}
