import type { CommandContext } from '../../src/cli/command.js';

/** A context that keeps what a command says. */
export interface FakeContext extends CommandContext {
  readonly outLines: string[];
  readonly errLines: string[];
}

export function fakeContext(
  env: CommandContext['env'] = {},
  stop: AbortSignal = new AbortController().signal,
): FakeContext {
  const outLines: string[] = [];
  const errLines: string[] = [];
  return {
    env,
    stop,
    isTerminal: false,
    outLines,
    errLines,
    out: (line) => {
      outLines.push(line);
      return Promise.resolve();
    },
    err: (line) => {
      errLines.push(line);
    },
    progress: () => undefined,
  };
}
