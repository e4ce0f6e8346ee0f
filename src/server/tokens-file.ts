import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Type from 'typebox';
import Value from 'typebox/value';
import { EcholineError } from '../domain/errors.js';
import type { Principal } from './roles.js';

/** `{"tokens":[{"token":"…","role":"observer","name":"bed 3","streams":["bed-3"]}]}` */
const TokensFile = Type.Object(
  {
    tokens: Type.Array(
      Type.Object(
        {
          token: Type.String({ minLength: 16, maxLength: 512 }),
          role: Type.Union([
            Type.Literal('cart'),
            Type.Literal('observer'),
            Type.Literal('operator'),
            Type.Literal('admin'),
          ]),
          name: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
          streams: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1 },
    ),
  },
  { additionalProperties: false },
);

/** One token. Only its digest is kept, so that comparing takes the same time for every guess. */
export interface KnownToken {
  readonly digest: Buffer;
  readonly principal: Principal;
}

/** SHA-256 of a token. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Reads a tokens file.
 *
 * @throws EcholineError ECHOLINE_CONFIG_INVALID, never quoting a token
 */
export function readTokensFile(path: string): readonly KnownToken[] {
  const file = parse(path);
  if (!Value.Check(TokensFile, file)) {
    const [error] = Value.Errors(TokensFile, file);
    const where = error === undefined ? '' : ` (${error.instancePath || '/'}: ${error.message})`;
    throw invalid(
      path,
      `is not {"tokens":[{"token","role","name"?,"streams"?}]} with tokens of 16 characters ` +
        `and more${where}`,
    );
  }
  return file.tokens.map(({ token, role, name, streams }) => ({
    digest: digestOf(token),
    principal: { name: name ?? role, role, streams: streams ?? null },
  }));
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw invalid(path, why, cause);
  }
}

function invalid(path: string, what: string, cause?: unknown): EcholineError {
  const message = `tokens: the file ${path} ${what}.`;
  return new EcholineError('ECHOLINE_CONFIG_INVALID', message, { key: 'tokens' }, { cause });
}
