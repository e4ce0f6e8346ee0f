import { isEcholineError } from '../../domain/errors.js';

/** Width of mark and subject, where what was found begins. */
const INDENT = 28;

/** What one check of `echoline doctor` found. */
export interface Finding {
  /** What was looked at, e.g. `model`. */
  readonly subject: string;
  readonly works: boolean;
  /** Without it `echoline serve` does not work; else only something extra is missing. */
  readonly isNeeded: boolean;
  /** What is there, or what is wrong; one or more lines. */
  readonly found: string;
  /** What to do where it does not work; empty where it does. */
  readonly advice: string;
}

/** One check. It never throws: what goes wrong is a finding. */
export interface Check {
  readonly subject: string;
  readonly isNeeded: boolean;
  readonly advice: string;
  /** Returns what was found; throws to say what is wrong. */
  readonly look: () => Promise<string> | string;
}

/** Runs a check. */
export async function runCheck({ subject, isNeeded, advice, look }: Check): Promise<Finding> {
  try {
    return { subject, isNeeded, works: true, found: await look(), advice: '' };
  } catch (error) {
    return { subject, isNeeded, works: false, found: wordsOf(error), advice };
  }
}

/** Our own errors tell each problem on a line; of others the first line says what it is about. */
function wordsOf(error: unknown): string {
  if (isEcholineError(error)) return `${error.code}: ${error.message}`;
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first;
}

/** A finding as it is printed, its advice on a line of its own. */
export function findingLines(finding: Finding): readonly string[] {
  const mark = finding.works ? 'works  ' : finding.isNeeded ? 'BROKEN ' : 'missing';
  const [first = '', ...more] = finding.found.split('\n');
  const advice = finding.works ? [] : [`-> ${finding.advice}`];
  const indented = [...more, ...advice].map((line) => `${' '.repeat(INDENT)}${line}`);
  return [`${mark}  ${finding.subject.padEnd(18)} ${first}`, ...indented];
}
