import type { ProcedureProtocol } from '../../protocol/procedure-protocol.js';
import type { ListedStream, ServiceAccess } from './service-access.js';

/** Pause between two looks at the service, ms. */
const POLL_MS = 1000;

/** What the service has to offer, as of the last look. */
export interface StreamList {
  streams(): readonly ListedStream[];
  protocols(): readonly ProcedureProtocol[];
  /** Words of the last failure; null when the last look went well. */
  fault(): string | null;
}

/** Looks again and again: for streams to open, for their verdict counts, once for protocols. */
export function watchStreams(
  access: ServiceAccess,
  onList: (streams: readonly ListedStream[]) => void,
): StreamList {
  let streams: readonly ListedStream[] = [];
  let protocols: readonly ProcedureProtocol[] = [];
  let fault: string | null = null;

  async function look(): Promise<void> {
    try {
      streams = await access.listStreams();
      fault = null;
      onList(streams);
      if (protocols.length === 0) protocols = await access.listProtocols();
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    setTimeout(() => void look(), POLL_MS);
  }

  void look();
  return { streams: () => streams, protocols: () => protocols, fault: () => fault };
}
