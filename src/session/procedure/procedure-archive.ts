import type { Procedure } from './procedure.js';
import type { ProcedureSummary } from './procedure-summary.js';

/** Ended procedures that are remembered; recordings remember all. */
const ENDED_MAX = 64;

/** A procedure with everything that was said in it, and its figures. */
export interface ArchivedProcedure {
  readonly procedure: Procedure;
  readonly summary: ProcedureSummary;
}

/** Procedures of this service's life, by id: those under way and the last ended ones. */
export interface ProcedureArchive {
  /** A procedure began; `read` tells how it goes whenever somebody asks. */
  begin(id: string, read: () => ArchivedProcedure): void;
  /** It ended like this. */
  end(procedure: ArchivedProcedure): void;
  /** null: unknown, or ended and forgotten. */
  find(id: string): ArchivedProcedure | null;
}

export function createProcedureArchive(): ProcedureArchive {
  const running = new Map<string, () => ArchivedProcedure>();
  const ended = new Map<string, ArchivedProcedure>();
  return {
    begin(id, read) {
      running.set(id, read);
    },
    end(archived) {
      const { id } = archived.procedure;
      running.delete(id);
      ended.set(id, archived);
      const [oldest] = ended.keys();
      if (ended.size > ENDED_MAX && oldest !== undefined) ended.delete(oldest);
    },
    find: (id) => running.get(id)?.() ?? ended.get(id) ?? null,
  };
}
