import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FrameJourney } from '../../src/domain/frame-journey.js';
import { type TraceSpan, traceSpans } from '../../src/telemetry/trace-events.js';
import { createTraceLanes } from '../../src/telemetry/trace-lanes.js';

const STAGES = ['decode', 'preprocess', 'infer', 'postprocess', 'track', 'guide'] as const;

/** A journey from the lengths of its parts, µs. */
function journeyFrom(parts: readonly number[], queueUs: number, dueInUs: number | null) {
  const times = [1_000_000];
  for (const part of parts) times.push((times.at(-1) ?? 0) + part);
  const [receivedAtUs = 0, offeredAtUs = 0, sentAtUs = 0, engineAtUs = 0] = times;
  const [doneAtUs = 0, heardAtUs = 0, endedAtUs = 0] = times.slice(4);
  const inStagesMs = Math.max(0, doneAtUs - engineAtUs - queueUs) / 1000;
  const stageMs = Object.fromEntries(STAGES.map((stage) => [stage, inStagesMs / STAGES.length]));
  const journey: FrameJourney = {
    stream: 's',
    epoch: 0,
    frameId: 7,
    verdict: 'ok',
    dueAtUs: dueInUs === null ? null : receivedAtUs - dueInUs,
    receivedAtUs,
    offeredAtUs,
    engine: {
      sentAtUs,
      receivedAtUs: engineAtUs,
      doneAtUs,
      heardAtUs,
      stageMs: stageMs as Record<(typeof STAGES)[number], number>,
    },
    endedAtUs,
  };
  return journey;
}

const endOf = ({ ts, dur }: TraceSpan) => ts + dur;
const named = (spans: readonly TraceSpan[], name: string) =>
  spans.find((span) => span.name === name);
const sumOf = (spans: readonly TraceSpan[], names: readonly string[]) =>
  names.reduce((sum, name) => sum + (named(spans, name)?.dur ?? 0), 0);

/** Whether b begins within a and ends after it; times are floating point. */
function isCrossing(a: TraceSpan, b: TraceSpan): boolean {
  const isWithin = b.ts > a.ts + 0.01 && b.ts < endOf(a) - 0.01;
  return isWithin && endOf(b) > endOf(a) + 0.01;
}

const anyJourney = fc
  .tuple(
    fc.array(fc.nat({ max: 50_000 }), { minLength: 6, maxLength: 6 }),
    fc.nat({ max: 60_000 }),
    fc.option(fc.integer({ min: -9000, max: 90_000 })),
  )
  .map(([parts, queueUs, dueInUs]) => journeyFrom(parts, queueUs, dueInUs));

describe('the spans of a frame', () => {
  it('nest: two of them are apart, or one holds the other', () => {
    fc.assert(
      fc.property(anyJourney, (journey) => {
        const spans = traceSpans(journey, 1);
        const crossing = spans.flatMap((a) => spans.filter((b) => isCrossing(a, b)));
        expect(crossing).toEqual([]);
      }),
    );
  });

  it('add up to receiveToPublishMs, and the stages with the queue to the engine', () => {
    fc.assert(
      fc.property(anyJourney, (journey) => {
        const spans = traceSpans(journey, 1);
        const parts = ['offer', 'wait', 'hop out', 'engine', 'hop back', 'publish'];
        const receiveToPublishUs = journey.endedAtUs - journey.receivedAtUs;
        expect(sumOf(spans, parts)).toBe(receiveToPublishUs);
        expect(named(spans, 'receive to publish')?.dur).toBe(receiveToPublishUs);
        const inEngine = sumOf(spans, ['queue', ...STAGES]);
        expect(inEngine).toBeCloseTo(named(spans, 'engine')?.dur ?? -1, 2);
      }),
    );
  });

  it('begin when the frame was due, where the cart says so', () => {
    const parts = [10, 20, 30, 4000, 50, 60];
    const known = traceSpans(journeyFrom(parts, 100, 700), 1);
    expect(named(known, 'cart and network')).toMatchObject({ ts: 999_300, dur: 700 });
    expect(known[0]).toMatchObject({ name: 'frame 7', ts: 999_300 });
    const unknown = traceSpans(journeyFrom(parts, 100, null), 1);
    expect(named(unknown, 'cart and network')).toBeUndefined();
    expect(unknown[0]?.ts).toBe(1_000_000);
  });

  it('say where a frame without an answer spent its time', () => {
    const { engine: _engine, ...rest } = journeyFrom([10, 20, 30, 40, 50, 60], 0, null);
    const names = (verdict: FrameJourney['verdict']) =>
      traceSpans({ ...rest, verdict, engine: null }, 1).map(({ name }) => name);
    expect(names('superseded')).toEqual(['frame 7', 'receive to publish', 'offer', 'wait']);
    expect(names('failed')).toContain('no answer');
  });
});

describe('the lanes of a trace', () => {
  it('keep frames that overlap apart and reuse a lane as soon as it is free', () => {
    const lanes = createTraceLanes();
    const taken = [
      lanes.take('a', 0, 10),
      lanes.take('a', 5, 8),
      lanes.take('a', 10, 20),
      lanes.take('b', 0, 5),
    ];
    expect(taken.map(({ tid }) => tid)).toEqual([1, 2, 1, 3]);
    expect(taken.map(({ isNew }) => isNew)).toEqual([true, true, false, true]);
    expect(taken[1]?.name).toBe('a, lane 2');
  });

  it('share one group beyond 256 streams', () => {
    const lanes = createTraceLanes();
    for (let index = 0; index < 300; index += 1) lanes.take(`stream ${index}`, 0, 1);
    expect(lanes.take('one more', 5, 6).name).toBe('other streams, lane 1');
  });
});
