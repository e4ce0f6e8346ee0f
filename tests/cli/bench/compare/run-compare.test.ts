import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFailCondition } from '../../../../src/cli/bench/compare/fail-condition.js';
import { LOAD_METRICS } from '../../../../src/cli/bench/compare/load-metrics.js';
import { runCompare } from '../../../../src/cli/bench/compare/run-compare.js';
import type { BenchResult } from '../../../../src/cli/bench/result.js';
import { benchResult, repeated, suiteOf } from '../../../support/bench-result.js';
import { fakeContext } from '../../fake-context.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'echoline-compare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const GRAY = { format: 'gray8', widthPx: 512 };

/** A result with one load of five repetitions around this median, ms. */
function resultOf(p50Ms: number, changes: Partial<BenchResult> = {}): BenchResult {
  const suite = suiteOf('end-to-end', repeated('echoline', GRAY, p50Ms));
  return benchResult([suite], changes);
}

function write(name: string, content: BenchResult | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function compare(
  before: string,
  after: string,
  changes: { failIf?: readonly string[]; isForced?: boolean; isJson?: boolean } = {},
) {
  const fake = fakeContext();
  const options = { before, after, failIf: [], isForced: false, isJson: false, ...changes };
  const status = await runCompare(options, fake);
  return { status, out: fake.outLines, err: fake.errLines };
}

describe('bench compare', () => {
  it('states each ratio of the second over the first with its interval', async () => {
    const [a, b] = [write('a.json', resultOf(4)), write('b.json', resultOf(6))];
    const { status, out } = await compare(a, b);
    expect(status).toBe(0);
    expect(out[0]).toBe('end-to-end, echoline, format gray8, widthPx 512');
    const p50 = out.find((line) => line.startsWith('  p50'));
    expect(p50).toMatch(/4 → 6 ms .* × 1\.5 \[1\.\d+, 1\.\d+\] worse$/);
    expect(out.find((line) => line.startsWith('  cpu'))).toMatch(/\[1, 1\] no difference shown$/);
    expect(out.at(-1)).toContain('Moses');
    const json = await compare(a, b, { isJson: true });
    const { rows } = JSON.parse(json.out.at(-1) ?? '');
    expect(rows[0]).toMatchObject({ metric: 'p50', repeats: [5, 5], unit: 'ms' });
    expect(rows[0].ratio.ratio).toBeCloseTo(1.5, 1);
  });

  it('exits with 1 when a condition is met by a ratio or an end of its interval', async () => {
    const [a, b] = [write('a.json', resultOf(4)), write('b.json', resultOf(4.6))];
    const worse = await compare(a, b, { failIf: ['p99>1.1', 'p99.low>1.3'] });
    expect(worse.status).toBe(1);
    expect(worse.out.at(-2)).toMatch(/^p99>1\.1: met by end-to-end, echoline/);
    expect(worse.out.at(-1)).toBe('p99.low>1.3: not met');
    expect((await compare(a, b, { failIf: ['p99 > 1.3'] })).status).toBe(0);
    expect((await compare(b, a, { failIf: ['p99>1.1'] })).status).toBe(0);
    expect((await compare(b, a, { failIf: ['p50.high<1'] })).status).toBe(1);
  });

  it('takes each file of a folder of at least five as one repeat', async () => {
    for (const side of ['a', 'b']) mkdirSync(join(folder, side));
    for (let run = 0; run < 5; run++) {
      write(`a/${run}.json`, resultOf(4 + 0.01 * run));
      write(`b/${run}.json`, resultOf(4 + 0.01 * run));
    }
    write('b/.unfinished.json', 'not read');
    const { out } = await compare(join(folder, 'a'), join(folder, 'b'), { isJson: true });
    const { rows } = JSON.parse(out.at(-1) ?? '');
    expect(rows[0].repeats).toEqual([5, 5]);
    expect(rows[0].ratio.low).toBeLessThan(1);
    expect(rows[0].ratio.high).toBeGreaterThan(1);
  });

  it.each<[string, Partial<BenchResult>, RegExp]>([
    ['machine', { machine: { ...resultOf(1).machine, cpu: 'Other' } }, /in their machine/],
    ['model', { model: { id: 'g', sha256: 'cd', precision: 'int8' } }, /in their model/],
    ['mode', { mode: 'quick' }, /in their mode/],
    ['meaning', { suites: [{ ...resultOf(4).suites[0], meaning: 'b' } as never] }, /meaning hash/],
    ['an invalid result', { invalidBecause: ['sent too late'] }, /sent too late/],
  ])(
    'refuses two results that differ in %s, unless it is forced',
    async (_name, changes, words) => {
      const [a, b] = [write('a.json', resultOf(4)), write('b.json', resultOf(4, changes))];
      const refused = compare(a, b);
      await expect(refused).rejects.toMatchObject({ code: 'ECHOLINE_BENCH_NOT_COMPARABLE' });
      await expect(refused).rejects.toThrow(words);
      await expect(refused).rejects.toThrow(/--force/);
      const forced = await compare(a, b, { isForced: true });
      expect(forced.status).toBe(0);
      expect(forced.err.join('\n')).toMatch(words);
    },
  );

  it('refuses one repeat, four repeats, and results without a load in common', async () => {
    const few = (count: number) => {
      const all = repeated('echoline', GRAY, 4).slice(0, count);
      return benchResult([suiteOf('end-to-end', all)]);
    };
    const whole = write('whole.json', resultOf(4));
    for (const count of [1, 4]) {
      const refused = compare(whole, write('few.json', few(count)));
      await expect(refused).rejects.toMatchObject({ code: 'ECHOLINE_BENCH_RESULT' });
      await expect(refused).rejects.toThrow(new RegExp(`at least 5 repeats.*has ${count}`));
    }
    const other = benchResult([suiteOf('streams', repeated('echoline', GRAY, 4))]);
    await expect(compare(whole, write('o.json', other))).rejects.toThrow(/no load in common/);
  });

  it('refuses a condition that no load in both can decide', async () => {
    const none = { targetCpuSecondsPerFrame: null };
    const suite = suiteOf('end-to-end', repeated('echoline', GRAY, 4, none));
    const path = write('a.json', benchResult([suite]));
    await expect(compare(path, path, { failIf: ['cpu>1.1'] })).rejects.toThrow(/cpu>1\.1: no load/);
  });

  it.each([
    ['a missing file', null, /ENOENT/],
    ['an empty file', '', /expected the JSON of a result/],
    ['malformed JSON', '{"schema":1,', /expected the JSON of a result/],
    ['another JSON', '[1, 2]', /expected an object/],
    ['another schema', '{"schema":2}', /schema: expected 1/],
    ['a result cut short', '{"schema":1,"startedAt":"x"}', /endedAt: expected a text/],
  ])('says in one line what is wrong with %s', async (_name, content, words) => {
    const good = write('good.json', resultOf(4));
    const bad = content === null ? join(folder, 'missing.json') : write('bad.json', content);
    const refused = compare(good, bad);
    await expect(refused).rejects.toMatchObject({ code: 'ECHOLINE_BENCH_RESULT' });
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.not.toThrow(/\n/);
  });

  it('says where in a result a number is none', async () => {
    const broken = JSON.parse(JSON.stringify(resultOf(4)));
    broken.suites[0].measurements[2].figures.dueToOverlayMs.p99 = 'fast';
    const path = write('bad.json', JSON.stringify(broken));
    const where = 'suites.0.measurements.2.figures.dueToOverlayMs.p99: expected a number';
    await expect(compare(path, path)).rejects.toThrow(where);
  });

  it('refuses an empty folder', async () => {
    mkdirSync(join(folder, 'empty'));
    const good = write('good.json', resultOf(4));
    await expect(compare(good, join(folder, 'empty'))).rejects.toThrow(/found none/);
  });
});

describe('--fail-if', () => {
  it('takes every metric with every comparison', () => {
    const names = LOAD_METRICS.map(({ name }) => name);
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom('', '.low', '.high'),
        fc.constantFrom('>', '>=', '<', '<='),
        fc.integer({ min: 0, max: 10_000 }),
        (name, end, operator, thousandths) => {
          const text = `${name}${end}${operator}${thousandths / 1000}`;
          expect(parseFailCondition(text).text).toBe(text);
        },
      ),
    );
  });

  it.each(['', 'p99', 'p99>', 'p99=1', '>1.1', 'p99>-1', 'p99>1.1 or so', 'p99.middle>1'])(
    'refuses %j as a wrong command line',
    (text) => {
      expect(() => parseFailCondition(text)).toThrow(
        expect.objectContaining({ code: 'ECHOLINE_CONFIG_USAGE' }),
      );
    },
  );

  it('names the nearest metric', () => {
    expect(() => parseFailCondition('troughput<0.9')).toThrow(/Did you mean throughput/);
  });
});
