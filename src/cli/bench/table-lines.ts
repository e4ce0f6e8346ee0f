import type { TableRow } from './result.js';

/** The rows as a Markdown table; no lines without rows. */
export function tableLines(rows: readonly TableRow[]): readonly string[] {
  if (rows.length === 0) return [];
  return [
    '| what | reach | stretch | figure | met |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ what, reach, stretch, figure, met }) =>
        `| ${what} | ${reach} | ${stretch} | ${figure} | ${met} |`,
    ),
  ];
}
