/**
 * One flag of a command. `switch` takes no value; `list` may be given several times.
 *
 * `name` is kebab-case without the dashes. `placeholder` is what `--help` shows for the value and
 * is ignored for a switch.
 */
export interface Flag {
  readonly name: string;
  readonly kind: 'switch' | 'text' | 'number' | 'list';
  readonly placeholder: string;
  readonly description: string;
}

/** What a command needs from its operands, e.g. exactly one `CLIP`. */
export interface Operands {
  /** As `--help` shows them; empty for none. */
  readonly placeholder: string;
  readonly min: number;
  readonly max: number;
}

export const NO_OPERANDS: Operands = { placeholder: '', min: 0, max: 0 };

/** Parsed arguments: only flags of the command's own table can be asked for or can occur. */
export interface Arguments {
  readonly operands: readonly string[];
  /** Whether a switch was given. */
  has(name: string): boolean;
  /** null when the flag was not given. */
  text(name: string): string | null;
  /** A finite number; null when the flag was not given. */
  number(name: string): number | null;
  /** [] when the flag was not given. */
  list(name: string): readonly string[];
}

/** The world of a command: the only way it touches the process. Tests give their own. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes results: one line, the line end is added. Resolves when the pipe took it. */
  out(line: string): Promise<void>;
  /** Writes progress and diagnostics: one line on stderr, the line end is added. */
  err(line: string): void;
  /** True when stderr is a terminal, where progress may be drawn in place. */
  readonly isTerminal: boolean;
  /** Draws a progress line in place on a terminal, and nothing elsewhere. '' clears it. */
  progress(line: string): void;
  /** Aborted by the first SIGINT or SIGTERM; a second one ends the process at once. */
  readonly stop: AbortSignal;
}

/** One command of `echoline`: a table of flags and a function. `--help` is made from it. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly operands: Operands;
  readonly flags: readonly Flag[];
  /** Further lines for `--help`, e.g. examples. */
  readonly notes: readonly string[];
  /**
   * Runs the command.
   *
   * @returns the exit status
   * @throws EcholineError for anything the user can do something about; it becomes one line
   */
  run(args: Arguments, context: CommandContext): Promise<number>;
}

/** Exit statuses, after BSD's sysexits. */
export const EXIT_OK = 0;
export const EXIT_FAILURE = 1;
/** The command line was wrong. */
export const EXIT_USAGE = 64;
/** The configuration was wrong. */
export const EXIT_CONFIG = 78;
/** Ended by Ctrl-C before it had done what was asked, as shells count it. */
export const EXIT_INTERRUPTED = 130;
