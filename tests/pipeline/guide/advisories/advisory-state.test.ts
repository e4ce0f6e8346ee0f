import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Advisory, AdvisoryKind } from '../../../../src/domain/advisory.js';
import { DEFAULT_PLAN, type GuidancePlan } from '../../../../src/domain/guidance-plan.js';
import {
  activeAdvisories,
  NO_ADVISORIES,
  nextAdvisories,
} from '../../../../src/pipeline/guide/advisories/advisory-state.js';
import {
  type ConditionLevel,
  condition,
  levelBelow,
} from '../../../../src/pipeline/guide/advisories/condition.js';

const STEP_US = 33_333;

/** Feeds levels of one kind at 30 frames a second; what was active after each. */
function play(
  kind: AdvisoryKind,
  levels: readonly ConditionLevel[],
  changes: Partial<GuidancePlan> = {},
): readonly (Advisory | undefined)[] {
  const plan = { ...DEFAULT_PLAN, ...changes };
  let state = NO_ADVISORIES;
  return levels.map((level, index) => {
    const nowUs = index * STEP_US;
    state = nextAdvisories(state, [condition(kind, level, 'text')], plan, nowUs);
    return activeAdvisories(state, plan, nowUs)[0];
  });
}

const repeat = (level: ConditionLevel, times: number): ConditionLevel[] =>
  Array.from({ length: times }, () => level);

describe('advisories over time', () => {
  it('come at once where nothing is to be waited for, and stay half a second at least', () => {
    const active = play('tip-inside', ['on', ...repeat('off', 30)]);
    expect(active[0]).toMatchObject({ kind: 'tip-inside', priority: 'medium', sinceUs: 0 });
    expect(active.filter((one) => one !== undefined)).toHaveLength(16);
  });

  it('wait for their delay, and a break starts it anew', () => {
    const needed = Math.ceil(300_000 / STEP_US) + 1;
    const broken = [...repeat('on', needed - 1), 'off' as const, ...repeat('on', needed)];
    const active = play('trajectory-crosses', broken);
    expect(active.findIndex((one) => one !== undefined)).toBe(broken.length - 1);
  });

  it('stay while it is between the limits, and on frames that cannot tell for two seconds', () => {
    expect(play('rule-at-risk', ['on', ...repeat('between', 300)]).at(-1)).toBeDefined();
    const blind = play('rule-at-risk', ['on', ...repeat('unknown', 90)]);
    expect(blind[58]).toBeDefined();
    expect(blind.at(-1)).toBeUndefined();
    expect(play('rule-at-risk', repeat('between', 30)).every((one) => one === undefined)).toBe(
      true,
    );
  });

  it('return within three seconds as the same episode, shown at once', () => {
    const active = play('tip-inside', ['on', ...repeat('off', 30), 'on']);
    expect(active[30]).toBeUndefined();
    expect(active.at(-1)).toMatchObject({ sinceUs: 0 });
    const later = play('tip-inside', ['on', ...repeat('off', 100), 'on']);
    expect(later.at(-1)).toMatchObject({ sinceUs: 101 * STEP_US });
  });

  it('are silenced by an acknowledgement until it ends, and never hidden', () => {
    const acknowledgedUntilUs = { 'tip-inside': 10 * STEP_US };
    const active = play('tip-inside', repeat('on', 20), { acknowledgedUntilUs });
    expect(active.every((one) => one !== undefined)).toBe(true);
    expect(active.map((one) => one?.isSilenced)).toEqual([
      ...Array.from({ length: 10 }, () => true),
      ...Array.from({ length: 10 }, () => false),
    ]);
  });

  it('go by the protocol, which may turn a kind off', () => {
    const advisories = { 'tip-inside': { priority: 'high' as const, hasSound: false } };
    expect(play('tip-inside', ['on'], { advisories })[0]).toMatchObject({
      priority: 'high',
      isSilenced: true,
    });
    const off = { 'tip-inside': { isOn: false } };
    expect(play('tip-inside', ['on'], { advisories: off })[0]).toBeUndefined();
  });

  it('come in order of priority, each kind for itself', () => {
    const plan = { ...DEFAULT_PLAN, advisories: { 'probe-moved': { priority: 'high' as const } } };
    const conditions = (
      ['stream-frozen', 'rule-at-risk', 'tip-inside', 'probe-moved'] as const
    ).map((kind) => condition(kind, 'on', ''));
    const state = nextAdvisories(NO_ADVISORIES, conditions, plan, 0);
    expect(activeAdvisories(state, plan, 0).map(({ kind }) => kind)).toEqual([
      'probe-moved',
      'tip-inside',
      'rule-at-risk',
      'stream-frozen',
    ]);
  });

  it('never chatter: whatever a distance does, they change at most every half second', () => {
    const distances = fc.array(fc.double({ min: 0, max: 7, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(distances, (values) => {
        const active = play(
          'rule-at-risk',
          values.map((value) => levelBelow(value, 3, 4)),
        );
        let shownAt: number | null = null;
        const onsets = new Set<number>();
        for (const [index, one] of active.entries()) {
          if (one !== undefined) {
            shownAt ??= index;
            onsets.add(one.sinceUs);
          } else if (shownAt !== null) {
            expect((index - shownAt) * STEP_US).toBeGreaterThanOrEqual(500_000);
            expect(values[index]).toBeGreaterThan(4);
            shownAt = null;
          }
          if ((values[index] ?? 9) <= 3) expect(one).toBeDefined();
        }
        const sorted = [...onsets].sort((a, b) => a - b);
        for (const [index, onset] of sorted.entries()) {
          if (index > 0) expect(onset - (sorted[index - 1] ?? 0)).toBeGreaterThanOrEqual(3_000_000);
        }
      }),
    );
  });
});
