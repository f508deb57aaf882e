/** Says in words what a schema found wrong: where (a JSON path like `cameras[0].lines[1].points`) and what was expected. */
import type { z } from 'zod';

export interface InputProblem {
  /** Empty for the whole input. */
  path: string;
  /** 'expected …' or another statement that reads on after the path. */
  words: string;
}

/** The parts of an issue that matter here; zod's own issues fit. */
type Issue = z.core.$ZodIssue;

/** One problem for each issue; unknown keys become one each, at their own path. */
export function problemsOf(issues: readonly Issue[]): InputProblem[] {
  return issues.flatMap((issue): InputProblem[] => {
    const path = pathInWords(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: pathInWords([...issue.path, key]), words: 'unknown key' }));
    }
    return [{ path, words: wordsOf(issue) }];
  });
}

/** All problems in one line. */
export function problemLine(problems: readonly InputProblem[]): string {
  return problems.map(({ path, words }) => (path ? `${path}: ${words}` : words)).join('; ');
}

/** `['cameras', 0, 'name']` → `cameras[0].name`. */
export function pathInWords(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const FORMAT_WORDS: Record<string, string> = {
  guid: 'a UUID like 3fa85f64-5717-4562-b3fc-2c963f66afa6',
  email: 'an e-mail address',
  url: 'a URL',
};

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `expected ${bound(issue.origin, relation(issue, 'more than', 'at least'), issue.minimum)}`;
    case 'too_big':
      return `expected ${bound(issue.origin, relation(issue, 'less than', 'at most'), issue.maximum)}`;
    case 'invalid_format':
      return FORMAT_WORDS[issue.format] ? `expected ${FORMAT_WORDS[issue.format]}` : issue.message;
    default:
      return issue.message;
  }
}

function relation(
  issue: { exact?: boolean; inclusive?: boolean },
  strict: string,
  inclusive: string,
): string {
  if (issue.exact) return 'exactly';
  return issue.inclusive === false ? strict : inclusive;
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string')
    return limit === 1 && relation === 'at least'
      ? 'a text that is not blank'
      : `${relation} ${limit} characters`;
  if (origin === 'array') return `${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `${relation} ${limit}`;
}
