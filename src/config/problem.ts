import { EcholineError } from '../domain/errors.js';

/** One thing that is wrong with a configuration, in a sentence. */
export interface Problem {
  readonly code:
    | 'ECHOLINE_CONFIG_INVALID'
    | 'ECHOLINE_CONFIG_UNKNOWN_KEY'
    | 'ECHOLINE_CONFIG_INSECURE_BIND';
  readonly message: string;
}

/**
 * One error that tells all problems at once, so that a deployer does not find them one by one. Its
 * code is that of the first problem; the messages of all follow each other, one a line.
 */
export function problemsError(problems: readonly Problem[]): EcholineError {
  const [first] = problems;
  return new EcholineError(
    first?.code ?? 'ECHOLINE_CONFIG_INVALID',
    problems.map((problem) => problem.message).join('\n'),
    { problems: problems.length },
  );
}
