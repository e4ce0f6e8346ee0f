import { median } from '../../domain/median.js';
import type { LoadFigures } from './load-figures.js';
import type { Measurement, SuiteName, SuiteResult } from './result.js';

/** Reads numbers out of what the suites found. null = it was not measured. */
export interface ResultReader {
  figure(suite: SuiteName, name: string): number | null;
  /**
   * Median over the repetitions of one target under these conditions (others may be anything): over
   * the valid ones where there are any.
   */
  load(
    suite: SuiteName,
    target: string,
    conditions: Measurement['conditions'],
    read: (figures: LoadFigures) => number | null | undefined,
  ): number | null;
  /** Names of all targets of a suite but our own service. */
  peers(suite: SuiteName): readonly string[];
  /** Whether something was read that must not be quoted, for want of anything better. */
  readonly hasReadInvalid: boolean;
}

/** Suites whose figures follow from their loads; the others' are measured by themselves. */
const OF_LOADS: readonly SuiteName[] = ['streams', 'soak'];

/** A reader of some suites' results. */
export function createResultReader(suites: readonly SuiteResult[]): ResultReader {
  const of = (name: SuiteName) => suites.find(({ suite }) => suite === name);
  const matching = (suite: SuiteName, conditions: Measurement['conditions']) =>
    (of(suite)?.measurements ?? []).filter((one) =>
      Object.entries(conditions).every(([key, value]) => one.conditions[key] === value),
    );
  let hasReadInvalid = false;
  return {
    get hasReadInvalid() {
      return hasReadInvalid;
    },
    figure(suite, name) {
      const found = of(suite);
      const isOfLoads = OF_LOADS.some((one) => one === suite);
      if (isOfLoads && (found?.invalidBecause ?? []).length > 0) hasReadInvalid = true;
      return known(found?.figures.find((one) => one.name === name)?.value);
    },
    load(suite, target, conditions, read) {
      const loads = matching(suite, conditions).filter((one) => one.target === target);
      const best = validWhereAny(loads);
      hasReadInvalid ||= best.some(({ figures }) => figures.invalidBecause.length > 0);
      const values = best.map(({ figures }) => known(read(figures)));
      return known(median(values.flatMap((value) => (value === null ? [] : [value]))));
    },
    peers: (suite) =>
      [...new Set((of(suite)?.measurements ?? []).map(({ target }) => target))].filter(
        (name) => name !== 'echoline',
      ),
  };
}

/** Valid loads; where there is none, all: better a number with its objection than none. */
export function validWhereAny(loads: readonly Measurement[]): readonly Measurement[] {
  const valid = loads.filter(({ figures }) => figures.invalidBecause.length === 0);
  return valid.length > 0 ? valid : loads;
}

function known(value: number | null | undefined): number | null {
  return value === undefined || value === null || Number.isNaN(value) ? null : value;
}
