import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { EcholineError } from '../../domain/errors.js';
import type { NeedleKnowledge } from './evaluation-frame.js';

/**
 * Reads tips of foreign images: CSV with the columns `file,xPx,yPx,visible`, with or without that
 * header line. `visible` 1 or true: the tip is at the point. 0 or false with a point: a needle is
 * there, its tip cannot be seen. 0 or false without a point: there is no needle.
 *
 * @returns by file name; a path before it is left out
 * @throws EcholineError ECHOLINE_CONFIG_USAGE with the line that is wrong
 */
export function readPoints(path: string): ReadonlyMap<string, NeedleKnowledge> {
  return parsePoints(readFileSync(path, 'utf8'), path);
}

/** The same from text; `where` is for messages. */
export function parsePoints(text: string, where: string): ReadonlyMap<string, NeedleKnowledge> {
  const known = new Map<string, NeedleKnowledge>();
  // Spreadsheets put a byte order mark before the first line.
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of rows.entries()) {
    const isHeader = index === 0 && /^"?file"?\s*,/i.test(line);
    if (line.trim() === '' || isHeader) continue;
    const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const [file = '', x = '', y = '', visible = ''] = cells;
    const needle = needleOf(x, y, visible.toLowerCase());
    if (file === '' || cells.length !== 4 || needle === null) {
      throw new EcholineError(
        'ECHOLINE_CONFIG_USAGE',
        `Points ${where} line ${index + 1}: expected file,xPx,yPx,visible (1 or 0), got "${line}".`,
        { line: index + 1 },
      );
    }
    known.set(basename(file), needle);
  }
  return known;
}

function needleOf(x: string, y: string, visible: string): NeedleKnowledge | null {
  const isVisible = visible === '1' || visible === 'true';
  if (!isVisible && visible !== '0' && visible !== 'false') return null;
  const hasPoint = x !== '' && y !== '' && x.toLowerCase() !== 'nan';
  if (!hasPoint) return isVisible ? null : { kind: 'none' };
  const tip = { xPx: Number(x), yPx: Number(y) };
  if (!Number.isFinite(tip.xPx) || !Number.isFinite(tip.yPx)) return null;
  return isVisible ? { kind: 'visible', tip, shaft: null } : { kind: 'hidden', tip, shaft: null };
}
