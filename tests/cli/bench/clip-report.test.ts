import { describe, expect, it } from 'vitest';
import { hgrmText, recordsCsv } from '../../../src/cli/bench/clip-report.js';
import { latencyFiguresOf } from '../../../src/cli/bench/latency-figures.js';
import { NO_STAGE_MS } from '../../../src/domain/overlay.js';

describe('the files beside a result', () => {
  it('have one row a frame, with nothing where nothing happened', () => {
    const record = {
      stream: 0,
      frameId: 3,
      dueUs: 10,
      sentUs: 12,
      verdict: 'ok',
      verdictUs: 40,
      receivedByServiceUs: 15,
      publishedUs: 9_030,
      stageMs: { ...NO_STAGE_MS, infer: 2 },
      receivedByDisplayUs: 35,
      drawnUs: null,
    } as const;
    const [heading, first] = recordsCsv([record]).split('\n');
    expect(heading).toBe(
      'stream,frameId,verdict,dueUs,sentUs,receivedByServiceUs,admittedUs,decodeMs,preprocessMs,' +
        'inferMs,postprocessMs,trackMs,guideMs,publishedUs,receivedByDisplayUs,drawnUs,verdictUs',
    );
    expect(first).toBe('0,3,ok,10,12,15,7030,0,0,2,0,0,0,9030,35,,40');
  });

  it('have the distribution in the format of HdrHistogram, in ms', () => {
    const latency = latencyFiguresOf([1_000, 2_000, 30_000]);
    expect(latency).toMatchObject({ count: 3, max: 30 });
    if (latency === null) return;
    expect(hgrmText(latency)).toMatch(/Value +Percentile +TotalCount/);
    expect(hgrmText(latency)).toMatch(/30\.0/);
  });

  it('know no distribution of nothing', () => {
    expect(latencyFiguresOf([])).toBeNull();
  });
});
