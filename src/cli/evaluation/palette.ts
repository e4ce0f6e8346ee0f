import { readFileSync } from 'node:fs';
import { EcholineError } from '../../domain/errors.js';
import type { LabelClass } from '../../domain/ground-truth.js';
import { STRUCTURE_CLASSES } from '../../domain/structure.js';

/** Which class a mask pixel means: by its value (index or gray level) or by its colour. */
export interface Palette {
  /** Index into the PNG's own palette, or gray level. */
  readonly byValue: ReadonlyMap<number, LabelClass>;
  /** 0xRRGGBB */
  readonly byColour: ReadonlyMap<number, LabelClass>;
}

const CLASSES: readonly LabelClass[] = ['background', ...STRUCTURE_CLASSES];

/**
 * Reads a palette file: JSON `{"1": "nerve", "#ff0000": "vessel"}`, or lines `1,nerve`. Keys are
 * mask values (the index of an indexed PNG, else the gray level) or colours; what is not named is
 * background.
 *
 * @throws EcholineError ECHOLINE_CONFIG_USAGE that says which entry is wrong
 */
export function readPalette(path: string): Palette {
  return parsePalette(readFileSync(path, 'utf8'), path);
}

/** The same from text; `where` is for messages. */
export function parsePalette(text: string, where: string): Palette {
  const byValue = new Map<number, LabelClass>();
  const byColour = new Map<number, LabelClass>();
  for (const [key, name] of entriesOf(text.replace(/^\uFEFF/, ''), where)) {
    const labelClass = CLASSES.find((known) => known === name);
    if (labelClass === undefined) {
      const entry = name === '' ? `"${key}" has` : `"${String(name)}" is`;
      throw wrong(where, `${entry} no class; expected one of ${CLASSES.join(', ')}`);
    }
    if (/^#[0-9a-f]{6}$/i.test(key)) byColour.set(Number.parseInt(key.slice(1), 16), labelClass);
    else if (/^\d{1,3}$/.test(key) && Number(key) < 256) byValue.set(Number(key), labelClass);
    else throw wrong(where, `"${key}" is neither a value from 0 to 255 nor a colour like #ff0000`);
  }
  return { byValue, byColour };
}

function entriesOf(text: string, where: string): readonly (readonly [string, unknown])[] {
  if (text.trimStart().startsWith('{')) {
    try {
      return Object.entries(JSON.parse(text) as Record<string, unknown>);
    } catch (cause) {
      throw wrong(where, cause instanceof Error ? cause.message : 'it is no JSON');
    }
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [key = '', name = ''] = line.split(/[,;\s]+/);
      return [key, name] as const;
    });
}

function wrong(where: string, words: string): EcholineError {
  return new EcholineError('ECHOLINE_CONFIG_USAGE', `Palette ${where}: ${words}.`);
}
