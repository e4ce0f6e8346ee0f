import type { ProcedureSummary } from './procedure-summary.js';

/** Ended procedures that are remembered; recordings remember all. */
const ENDED_MAX = 64;

/** Procedures of this service's life, by id: those under way and the last ended ones. */
export interface ProcedureArchive {
  /** A procedure began; `read` tells how it goes whenever somebody asks. */
  begin(id: string, read: () => ProcedureSummary): void;
  /** It ended with this summary. */
  end(summary: ProcedureSummary): void;
  /** null: unknown, or ended and forgotten. */
  find(id: string): ProcedureSummary | null;
}

export function createProcedureArchive(): ProcedureArchive {
  const running = new Map<string, () => ProcedureSummary>();
  const ended = new Map<string, ProcedureSummary>();
  return {
    begin(id, read) {
      running.set(id, read);
    },
    end(summary) {
      running.delete(summary.id);
      ended.set(summary.id, summary);
      const [oldest] = ended.keys();
      if (ended.size > ENDED_MAX && oldest !== undefined) ended.delete(oldest);
    },
    find: (id) => running.get(id)?.() ?? ended.get(id) ?? null,
  };
}
