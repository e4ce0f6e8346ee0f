import { closeSync, openSync, write, writeSync } from 'node:fs';
import type { FrameJourney } from '../domain/frame-journey.js';
import { TRACE_PID, traceSpans, traceStartUs } from './trace-events.js';
import { createTraceLanes } from './trace-lanes.js';

/** Text that may wait for a slow disk; what comes on top is dropped and counted. */
const WAITING_CHARACTERS_MAX = 1024 * 1024;
/** A trace is looked at, not kept: no more is written. About four hours of one stream at 30 fps. */
const FILE_CHARACTERS_MAX = 512 * 1024 * 1024;
/** At the latest after this long a frame is in the file, whatever becomes of the process. */
const FLUSH_MS = 500;

export interface FrameTracerOptions {
  /** Frames whose id is a multiple of this are traced. */
  readonly every: number;
  /** The file cannot be written, or frames were left out. */
  onProblem(problem: string): void;
}

/** Writes journeys of frames to a file that Perfetto and chrome://tracing open. */
export interface FrameTracer {
  /** Costs a few µs and never waits. */
  take(journey: FrameJourney): void;
  /** Ends the file. Idempotent. */
  close(): void;
}

/**
 * Opens the file. It is a JSON array of trace events, one a line; both viewers read it without the
 * closing bracket, so that it is of use after a crash.
 *
 * @throws Error where the file cannot be written
 */
export function createFrameTracer(path: string, options: FrameTracerOptions): FrameTracer {
  const descriptor = openSync(path, 'w');
  const lanes = createTraceLanes();
  let waiting = '[\n';
  let written = 0;
  let dropped = 0;
  let state: 'open' | 'full' | 'closed' = 'open';
  let isWriting = false;
  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  addName('process_name', 0, 'echoline');

  function addName(kind: 'process_name' | 'thread_name', tid: number, name: string): void {
    waiting += `${JSON.stringify({ name: kind, ph: 'M', pid: TRACE_PID, tid, args: { name } })},\n`;
  }

  function flush(): void {
    if (isWriting || waiting === '' || state === 'closed') return;
    const text = waiting;
    waiting = '';
    isWriting = true;
    written += text.length;
    write(descriptor, text, (error) => {
      isWriting = false;
      if (error !== null) stop(`cannot be written: ${error.message}`);
      else if (written > FILE_CHARACTERS_MAX) stop('is full');
      else if (state === 'closed') end();
    });
  }

  function stop(problem: string): void {
    if (state !== 'open') return;
    state = 'full';
    options.onProblem(`${path} ${problem}; the trace ends here`);
  }

  function end(): void {
    // A last event without a comma makes the array whole.
    const last = { name: 'end of trace', ph: 'M', pid: TRACE_PID, args: { dropped } };
    try {
      writeSync(descriptor, `${waiting}${JSON.stringify(last)}\n]\n`);
      closeSync(descriptor);
    } catch (error) {
      options.onProblem(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return {
    take(journey) {
      if (state !== 'open' || journey.frameId % options.every !== 0) return;
      if (waiting.length > WAITING_CHARACTERS_MAX) {
        dropped += 1;
        return;
      }
      const lane = lanes.take(journey.stream, traceStartUs(journey), journey.endedAtUs);
      if (lane.isNew) addName('thread_name', lane.tid, lane.name);
      for (const span of traceSpans(journey, lane.tid)) waiting += `${JSON.stringify(span)},\n`;
    },
    close() {
      if (state === 'closed') return;
      clearInterval(timer);
      state = 'closed';
      if (dropped > 0) options.onProblem(`${path}: ${dropped} frames left out, the disk is slow`);
      if (!isWriting) end();
    },
  };
}
