/** The outcomes as a table, for the terminal and for docs/reliability.md. Pure. */
import type { Outcome } from './suite.ts';

const HEAD = [
  'fault',
  'lost s',
  'outage s',
  'beyond s',
  'noticed after s',
  'back after s',
  'time off by ms',
  'cause named',
  'other cameras lost s',
];

export function tableOf(outcomes: readonly Outcome[]): string[][] {
  return [HEAD, ...outcomes.map(rowOf)];
}

export function formatMarkdown(rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

export function formatText(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The text with what stands between the two marks replaced. Throws where they are missing. */
export function replaceBetweenMarks(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the marks of ${name} are missing`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

function rowOf({ scenario, verdict, noticedSeconds, othersLostSeconds }: Outcome): string[] {
  const { lostSeconds, outageSeconds, beyondOutageSeconds, backAfterSeconds, causes } = verdict;
  return [
    scenario.name,
    lostSeconds.toFixed(2),
    outageSeconds.toFixed(2),
    outageSeconds > 0 || beyondOutageSeconds > 0 ? beyondOutageSeconds.toFixed(2) : '–',
    noticedSeconds === null ? '–' : noticedSeconds.toFixed(1),
    backAfterSeconds === null ? '–' : backAfterSeconds.toFixed(2),
    verdict.worstClockErrorMs > 0 ? verdict.worstClockErrorMs.toFixed(0) : '–',
    causes.join(', ') || (scenario.causes.length === 0 ? 'no gap' : 'none'),
    othersLostSeconds === null ? '–' : othersLostSeconds.toFixed(2),
  ];
}
