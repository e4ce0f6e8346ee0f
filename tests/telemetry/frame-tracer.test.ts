import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { FrameJourney } from '../../src/domain/frame-journey.js';
import { createFrameTracer } from '../../src/telemetry/frame-tracer.js';

function journey(frameId: number): FrameJourney {
  return {
    stream: 's',
    epoch: 0,
    frameId,
    verdict: 'superseded',
    dueAtUs: null,
    receivedAtUs: 1000 * frameId,
    offeredAtUs: 1000 * frameId + 5,
    engine: null,
    endedAtUs: 1000 * frameId + 900,
  };
}

function createTracer(every = 1) {
  const path = join(mkdtempSync(join(tmpdir(), 'trace-')), 'trace.json');
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  return { path, problems, tracer: createFrameTracer(path, { every, onProblem }) };
}

interface Event {
  readonly name: string;
  readonly args?: { readonly dropped?: number };
}

const framesIn = (events: readonly Event[]) =>
  events.map(({ name }) => name).filter((name) => name.startsWith('frame '));

describe('a trace file', () => {
  it('is a JSON array of the sampled frames once it is closed', () => {
    const { path, tracer, problems } = createTracer(3);
    for (let frameId = 1; frameId <= 7; frameId += 1) tracer.take(journey(frameId));
    tracer.close();
    tracer.close();
    tracer.take(journey(9));
    const events = JSON.parse(readFileSync(path, 'utf8')) as Event[];
    expect(framesIn(events)).toEqual(['frame 3', 'frame 6']);
    expect(events.filter(({ name }) => name === 'thread_name')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ name: 'end of trace', args: { dropped: 0 } });
    expect(problems).toEqual([]);
  });

  it('holds whole lines before it is closed, for a process that is killed', async () => {
    const { path, tracer } = createTracer();
    tracer.take(journey(1));
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('frame 1'), 5000);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('[');
    const events = lines.slice(1).map((line) => JSON.parse(line.replace(/,$/, '')) as Event);
    expect(framesIn(events)).toEqual(['frame 1']);
    tracer.close();
  });

  it('leaves frames out rather than fill the memory, and says so', () => {
    const { path, tracer, problems } = createTracer();
    for (let frameId = 1; frameId <= 4000; frameId += 1) tracer.take(journey(frameId));
    tracer.close();
    const text = readFileSync(path, 'utf8');
    expect(text.length).toBeLessThan(1.1 * 1024 * 1024);
    const dropped = (JSON.parse(text) as Event[]).at(-1)?.args?.dropped ?? 0;
    expect(framesIn(JSON.parse(text) as Event[])).toHaveLength(4000 - dropped);
    expect(problems[0]).toContain(`${dropped} frames left out`);
  });

  it('cannot be made where there is no folder', () => {
    const path = join(tmpdir(), 'no such folder', 'trace.json');
    expect(() => createFrameTracer(path, { every: 1, onProblem() {} })).toThrow('ENOENT');
  });
});
