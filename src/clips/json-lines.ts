import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { EcholineError } from '../domain/errors.js';

/**
 * Reads a file of JSON lines. What comes behind the last line end was being written when the
 * recorder died and is left out.
 *
 * @returns [] when the file does not exist
 * @throws EcholineError ECHOLINE_CLIP_DATA with the line that is not what the schema says
 */
export async function readJsonLines<Schema extends TSchema>(
  path: string,
  schema: Schema,
): Promise<readonly Static<Schema>[]> {
  const text = await readTextIfPresent(path);
  if (text === null) return [];
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, index) =>
    checkedJson(line, schema, `${basename(path)} line ${index + 1}`),
  );
}

/**
 * Parses and checks one JSON text.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA that says where and what is wrong
 */
export function checkedJson<Schema extends TSchema>(
  text: string,
  schema: Schema,
  where: string,
): Static<Schema> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new EcholineError('ECHOLINE_CLIP_DATA', `${where}: expected JSON.`, {}, { cause });
  }
  if (Value.Check(schema, content)) return content;
  const [first] = Value.Errors(schema, content);
  throw new EcholineError(
    'ECHOLINE_CLIP_DATA',
    `${where}: ${first?.instancePath ?? ''} ${first?.message ?? 'is not what it should be'}.`,
  );
}

/** The text of a file, null when it does not exist. */
export async function readTextIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
