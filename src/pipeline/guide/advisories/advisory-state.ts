import {
  ADVISORY_DEFAULTS,
  ADVISORY_KINDS,
  ADVISORY_PRIORITIES,
  type Advisory,
  type AdvisoryKind,
  type AdvisorySettings,
} from '../../../domain/advisory.js';
import type { GuidancePlan } from '../../../domain/guidance-plan.js';
import type { Condition } from './condition.js';

/** How long an advisory lives on frames that cannot tell whether its condition still holds, µs. */
const UNKNOWN_MAX_US = 2_000_000;

/** One kind of advisory over time. Times are capture times, µs; null = not so now. */
interface KindState {
  /** The condition holds, but not yet for as long as it has to. */
  readonly pendingSinceUs: number | null;
  readonly shownSinceUs: number | null;
  /** Onset of the latest episode. */
  readonly onsetUs: number | null;
  /** When a frame last spoke for it. */
  readonly heardUs: number;
  /** What was last said; null before the first onset. */
  readonly said: Condition | null;
}

/** All kinds of advisories of one stream. */
export type AdvisoryState = ReadonlyMap<AdvisoryKind, KindState>;

export const NO_ADVISORIES: AdvisoryState = new Map();

const SILENT: KindState = {
  pendingSinceUs: null,
  shownSinceUs: null,
  onsetUs: null,
  heardUs: 0,
  said: null,
};

/**
 * Advances all advisories by one frame: delay before the onset, hysteresis, least time on, and how
 * soon a return counts as a new episode. Each kind for itself: none delays another. A kind without
 * a condition is over.
 */
export function nextAdvisories(
  state: AdvisoryState,
  conditions: readonly Condition[],
  plan: GuidancePlan,
  nowUs: number,
): AdvisoryState {
  const next = new Map<AdvisoryKind, KindState>();
  for (const kind of ADVISORY_KINDS) {
    const settings = settingsOf(plan, kind);
    if (!settings.isOn) continue;
    const before = state.get(kind) ?? SILENT;
    const now = conditions.find((candidate) => candidate.kind === kind) ?? null;
    next.set(kind, nextKind(before, now, settings, nowUs));
  }
  return next;
}

/** The active advisories, highest priority first, equal ones by rank of their kind. */
export function activeAdvisories(
  state: AdvisoryState,
  plan: GuidancePlan,
  nowUs: number,
): readonly Advisory[] {
  const active: Advisory[] = [];
  for (const [kind, { shownSinceUs, onsetUs, said }] of state) {
    if (shownSinceUs === null || onsetUs === null || said === null) continue;
    const { priority, hasSound } = settingsOf(plan, kind);
    const isAcknowledged = nowUs < (plan.acknowledgedUntilUs[kind] ?? Number.NEGATIVE_INFINITY);
    const { text, structureId, structureClass } = said;
    active.push({
      kind,
      priority,
      text,
      structureId,
      structureClass,
      sinceUs: onsetUs,
      isSilenced: isAcknowledged || !hasSound,
    });
  }
  const rank = ({ priority }: Advisory): number => ADVISORY_PRIORITIES.indexOf(priority);
  return active.sort((a, b) => rank(b) - rank(a));
}

/** The structure that an active advisory is about; null for none. */
export function advisedStructure(state: AdvisoryState, kind: AdvisoryKind): number | null {
  const { shownSinceUs, said } = state.get(kind) ?? SILENT;
  return shownSinceUs === null ? null : (said?.structureId ?? null);
}

function nextKind(
  before: KindState,
  now: Condition | null,
  settings: AdvisorySettings,
  nowUs: number,
): KindState {
  const level = now?.level ?? 'off';
  return before.shownSinceUs === null
    ? whileSilent(before, now, level, settings, nowUs)
    : whileShown(before, before.shownSinceUs, now, level, settings, nowUs);
}

function whileSilent(
  before: KindState,
  now: Condition | null,
  level: Condition['level'],
  settings: AdvisorySettings,
  nowUs: number,
): KindState {
  if (level === 'off') return { ...before, pendingSinceUs: null };
  if (level !== 'on') return before;
  const pendingSinceUs = before.pendingSinceUs ?? nowUs;
  if (nowUs - pendingSinceUs < settings.onsetDelayMs * 1000) return { ...before, pendingSinceUs };
  const isSameEpisode =
    before.onsetUs !== null && nowUs - before.onsetUs < settings.onsetIntervalMs * 1000;
  return {
    pendingSinceUs: null,
    shownSinceUs: nowUs,
    onsetUs: isSameEpisode ? before.onsetUs : nowUs,
    heardUs: nowUs,
    said: now,
  };
}

function whileShown(
  before: KindState,
  shownSinceUs: number,
  now: Condition | null,
  level: Condition['level'],
  settings: AdvisorySettings,
  nowUs: number,
): KindState {
  if (level === 'on') return { ...before, heardUs: nowUs, said: now };
  if (level === 'between') return { ...before, heardUs: nowUs };
  const isOver = level === 'off' || nowUs - before.heardUs > UNKNOWN_MAX_US;
  if (!isOver || nowUs - shownSinceUs < settings.minOnMs * 1000) return before;
  return { ...before, shownSinceUs: null };
}

function settingsOf(plan: GuidancePlan, kind: AdvisoryKind): AdvisorySettings {
  const own = plan.advisories[kind];
  return own === undefined ? ADVISORY_DEFAULTS[kind] : { ...ADVISORY_DEFAULTS[kind], ...own };
}
