import type { SettingKind } from './setting.js';

/**
 * Reads a value out of text, as it comes from the environment and from flags.
 *
 * @returns the value, or the text itself where it cannot be one (then `isValueOf` refuses it)
 */
export function valueFromText(text: string, shape: SettingKind): unknown {
  switch (shape.kind) {
    case 'text':
    case 'choice':
      return text;
    case 'switch':
      if (text === 'true' || text === '1') return true;
      if (text === 'false' || text === '0') return false;
      return text;
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  }
}

/** Whether a value is one that the setting takes. */
export function isValueOf(value: unknown, shape: SettingKind): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string';
    case 'choice':
      return typeof value === 'string' && shape.choices.includes(value);
    case 'switch':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'number':
      if (typeof value === 'string') return shape.words.includes(value);
      return (
        typeof value === 'number' &&
        value >= shape.minimum &&
        value <= shape.maximum &&
        (!shape.isInteger || Number.isInteger(value))
      );
  }
}
