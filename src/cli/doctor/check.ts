/** What one check of `echoline doctor` found. */
export interface Finding {
  /** What was looked at, e.g. `model`. */
  readonly subject: string;
  readonly works: boolean;
  /** Without it `echoline serve` does not work; else only something extra is missing. */
  readonly isNeeded: boolean;
  /** What is there, or what is wrong. */
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
    const [found = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { subject, isNeeded, works: false, found, advice };
  }
}

/** A finding as one line, with its advice on a second one. */
export function findingLines(finding: Finding): readonly string[] {
  const mark = finding.works ? 'works  ' : finding.isNeeded ? 'BROKEN ' : 'missing';
  const line = `${mark}  ${finding.subject.padEnd(18)} ${finding.found}`;
  return finding.works ? [line] : [line, `${' '.repeat(28)}-> ${finding.advice}`];
}
