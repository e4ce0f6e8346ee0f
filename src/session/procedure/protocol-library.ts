import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EcholineError } from '../../domain/errors.js';
import {
  type ProcedureProtocol,
  parseProcedureProtocol,
} from '../../protocol/procedure-protocol.js';

/** Describes the files for editors; no protocol itself. */
const SCHEMA_FILE = 'schema.json';

/** Every protocol of this service by its id, in the order of the files' names. */
export type ProtocolLibrary = ReadonlyMap<string, ProcedureProtocol>;

/**
 * Reads every `*.json` of a folder as a protocol. One wrong file refuses the whole folder: a
 * service that silently lacks a protocol would be found out at the bedside.
 *
 * @throws EcholineError ECHOLINE_CONFIG_PROTOCOL_FILE naming file and field
 */
export function readProtocolLibrary(directory: string): ProtocolLibrary {
  const names = fileNames(directory).filter(
    (name) => name.endsWith('.json') && name !== SCHEMA_FILE,
  );
  const protocols = names.sort().map((name) => {
    const protocol = parseProcedureProtocol(readFileSync(join(directory, name), 'utf8'), name);
    return [protocol.id, protocol] as const;
  });
  return new Map(protocols);
}

function fileNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `protocols: expected a folder with protocol files: ${reason}.`;
    const details = { file: directory, field: '' };
    throw new EcholineError('ECHOLINE_CONFIG_PROTOCOL_FILE', message, details, { cause });
  }
}
