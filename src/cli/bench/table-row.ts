import type { TableRow } from './result.js';

/** One number of a row, and what it has to reach. */
export interface Part {
  /** e.g. `p50`. */
  readonly name: string;
  readonly value: number | null;
  readonly reach: number;
  readonly stretch: number;
  readonly isMoreBetter?: boolean;
  /** Said behind it, e.g. the same by another measure; decides nothing. */
  readonly note?: string;
  readonly show: (value: number) => string;
}

/**
 * The row of these numbers; it counts as met when each of them is.
 *
 * @param missing - why, where none of them was measured
 */
export function rowOf(what: string, parts: readonly Part[], missing: string): TableRow {
  const limit = (kind: 'reach' | 'stretch') =>
    [
      ...new Set(parts.map((part) => `${part.isMoreBetter ? '≥' : '≤'} ${part.show(part[kind])}`)),
    ].join(', ');
  const isAt = (kind: 'reach' | 'stretch') =>
    parts.every(({ value, isMoreBetter, ...part }) =>
      value === null ? false : isMoreBetter ? value >= part[kind] : value <= part[kind],
    );
  const limits = { what, reach: limit('reach'), stretch: limit('stretch') };
  if (parts.every(({ value }) => value === null)) {
    return { ...limits, figure: `not available: ${missing}`, met: 'not available' };
  }
  const figure = parts
    .map(({ name, value, show, note }) => {
      const said = value === null ? 'not available' : show(value);
      const words = value === null || note === undefined ? said : `${said} (${note})`;
      return name === '' ? words : `${name} ${words}`;
    })
    .join(', ');
  return {
    ...limits,
    figure,
    met: isAt('stretch') ? 'stretch' : isAt('reach') ? 'reach' : 'missed',
  };
}
