import { fileURLToPath } from 'node:url';
import { createProcedureArchive } from '../../src/session/procedure/procedure-archive.js';
import type { ProcedureServices } from '../../src/session/procedure/procedure-desk.js';
import { readProtocolLibrary } from '../../src/session/procedure/protocol-library.js';

/** The protocols that ship with the package. */
const LIBRARY = readProtocolLibrary(fileURLToPath(new URL('../../protocols', import.meta.url)));

/** What desks need; ids are `procedure-1`, `procedure-2`, … */
export function testProcedures(isResearch = false): ProcedureServices {
  let count = 0;
  return {
    library: LIBRARY,
    archive: createProcedureArchive(),
    newId: () => {
      count += 1;
      return `procedure-${count}`;
    },
    wallClock: () => '2026-11-26T12:00:00.000Z',
    model: () => ({ id: 'model', sha256: 'ab' }),
    isResearch,
  };
}
