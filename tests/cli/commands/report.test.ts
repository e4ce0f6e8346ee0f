import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportCommand } from '../../../src/cli/commands/report.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';
import type { ReportSummary } from '../../../src/cli/report/procedure-report.js';
import { recordProcedure } from '../../support/recorded-procedure.js';
import { fakeContext } from '../fake-context.js';

const parent = mkdtempSync(join(tmpdir(), 'echoline-report-'));
let folder: string;

beforeAll(async () => {
  folder = await recordProcedure(parent);
});

async function run(...argv: string[]) {
  const context = fakeContext();
  const status = await reportCommand.run(parseArguments(reportCommand, argv), context);
  return { status, out: context.outLines };
}

describe('echoline report', () => {
  it('tells what happened as one JSON object', async () => {
    const { status, out } = await run(folder, '--json');
    expect(status).toBe(0);
    const summary = JSON.parse(out.at(-1) ?? '') as ReportSummary;
    expect(summary).toMatchObject({
      recording: { name: 'theatre', isSimulated: true, overlays: 90, framesLeftOut: 0 },
      model: { id: 'guidenet' },
      metrics: null,
      notice: expect.stringContaining('Not a medical device'),
    });
    const [procedure] = summary.procedures;
    expect(procedure).toMatchObject({
      side: 'left',
      technique: 'in-plane',
      protocol: { id: 'femoral' },
      injections: [
        { step: 'aspirate', givenMl: 0 },
        { step: 'hydrodissection', plannedMl: 1, givenMl: 0.8 },
      ],
      durationMs: 2867,
      metrics: {
        passes: 2,
        redirections: 0,
        tipVisibleShare: 1,
        advisories: [{ kind: 'rule-at-risk' }, { kind: 'rule-at-risk' }],
      },
    });
    expect(procedure?.metrics.closest[0]?.clearanceMm).toBeCloseTo(2.1, 5);
  });

  it('writes a page with its timeline, plots, pictures, side, model and limits', async () => {
    await run(folder);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    for (const words of [
      'Not a medical device',
      'SIMULATED',
      'Femoral nerve, left',
      'aria-label="Timeline"',
      'Depth of the tip',
      'Clearance of the tip',
      'closest to nerve',
      'hydrodissection 2',
      'guidenet',
      'Limits',
    ]) {
      expect(page).toContain(words);
    }
    expect(page.match(/data:image\/jpeg/g)?.length).toBeGreaterThan(5);
    expect(page).not.toContain('<b>paraesthesia');
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3)/);
  });

  it('tells the figures of a recording in which no procedure was started', async () => {
    const other = await recordProcedure(mkdtempSync(join(tmpdir(), 'echoline-report-')), false);
    const { out } = await run(other, '--json');
    const summary = JSON.parse(out.at(-1) ?? '') as ReportSummary;
    expect(summary.procedures).toEqual([]);
    expect(summary.metrics).toMatchObject({ passes: 2, frames: 90 });
  });

  it('reads a recording whose recorder died in the middle of a line', async () => {
    const torn = await recordProcedure(mkdtempSync(join(tmpdir(), 'echoline-report-')));
    appendFileSync(join(torn, 'overlays.jsonl'), '{"type":"overl');
    const { status } = await run(torn);
    expect(status).toBe(0);
  });

  it('names the line that is wrong, and a folder that is no recording', async () => {
    const broken = await recordProcedure(mkdtempSync(join(tmpdir(), 'echoline-report-')));
    appendFileSync(join(broken, 'overlays.jsonl'), '{"type":"verdict"}\n');
    await expect(run(broken)).rejects.toThrow(/overlays\.jsonl line 91/);
    const events = join(broken, 'events.jsonl');
    writeFileSync(events, '{"kind":"procedure-started","atUs":1,"details":{}}\n');
    await expect(run(broken)).rejects.toThrow(/events\.jsonl line 1/);
    await expect(run(join(broken, 'none'))).rejects.toMatchObject({ code: 'ECHOLINE_CLIP_DATA' });
    await expect(run(folder, '--html', join(broken, 'no', 'where.html'))).rejects.toMatchObject({
      code: 'ECHOLINE_CONFIG_USAGE',
    });
  });
});
