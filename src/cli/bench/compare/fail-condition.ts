import { nearestName } from '../../../domain/nearest-name.js';
import { usageError } from '../../parse-arguments.js';
import type { ComparedRow } from './compare-results.js';
import { LOAD_METRICS } from './load-metrics.js';

/** `p99>1.1`: the second may not be more than 1.1 times the first. */
export interface FailCondition {
  readonly text: string;
  /** Whether any row has the ratio that it is about. */
  isDecidedBy(rows: readonly ComparedRow[]): boolean;
  /** The rows that meet it. */
  metBy(rows: readonly ComparedRow[]): readonly ComparedRow[];
}

const NAMES = LOAD_METRICS.map(({ name }) => name);
const OPERATORS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
};

/**
 * Reads a condition: `METRIC[.low|.high]` `> >= < <=` `NUMBER`. Without an ending it is about the
 * ratio itself; `.low` and `.high` are the ends of its interval, so that `p99.low>1.1` means
 * "surely", and `p99.high>1.1` "perhaps".
 *
 * @throws EcholineError ECHOLINE_CONFIG_USAGE
 */
export function parseFailCondition(text: string): FailCondition {
  const match = /^\s*(.+?)(?:\.(low|high))?\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
  const [, name = '', end, operator = '', limitText = ''] = match ?? [];
  const compare = OPERATORS[operator];
  if (compare === undefined) {
    throw usageError('bench', `expected --fail-if like 'p99>1.1' or 'p99.low>1.1', got "${text}".`);
  }
  if (!NAMES.includes(name)) {
    const nearest = nearestName(name, NAMES);
    const advice = nearest === null ? '' : ` Did you mean ${nearest}?`;
    const words = `expected --fail-if about one of ${NAMES.join(', ')}; got "${name}".${advice}`;
    throw usageError('bench', words);
  }
  const limit = Number(limitText);
  const part = end === 'low' || end === 'high' ? end : 'ratio';
  const asked = ({ metric, ratio }: ComparedRow) =>
    metric.name === name ? (ratio?.[part] ?? null) : null;
  return {
    text,
    isDecidedBy: (rows) => rows.some((row) => asked(row) !== null),
    metBy: (rows) =>
      rows.filter((row) => {
        const value = asked(row);
        return value !== null && compare(value, limit);
      }),
  };
}
