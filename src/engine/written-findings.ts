import type { FrameFindings } from '../domain/overlay.js';

/**
 * A frame's findings as an engine wrote them. Most are passed on as they are: to parse them and
 * write them again took the service longer than the rest of an overlay (docs/performance.md).
 */
export interface WrittenFindings {
  /** A JSON object that is not empty, UTF-8. */
  readonly json: Uint8Array;
  /** The same to look into, parsed for the first who asks. */
  read(): FrameFindings;
}

/** Findings that came as JSON; it is trusted. */
export function readableFindings(json: Uint8Array): WrittenFindings {
  let findings: FrameFindings | null = null;
  return {
    json,
    read: () => {
      const text = () => Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
      findings ??= JSON.parse(text()) as FrameFindings;
      return findings;
    },
  };
}

/** Writes findings. */
export function writeFindings(findings: FrameFindings): WrittenFindings {
  return { json: Buffer.from(JSON.stringify(findings)), read: () => findings };
}
