import type { Body } from './anatomy.js';
import type { NeedleAppearance, NeedleKeyframe, NeedleScript, SeenShaft } from './needle.js';
import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';
import type { ShaftDip, ShaftGlint } from './shaft-dip.js';

/** Shares of the in-plane needles. */
const LOST_SHARE = 1 / 4;
const DIM_SHARE = 1 / 12;

/**
 * Makes some in-plane needles hard to read at their end. One in four is left by the beam, so that a
 * visible end is no tip; one in twelve has a dim end with a faint tip of its own behind it; some
 * shafts have bright spots. The truth follows from what is drawn.
 */
export function withHardTip(random: Random, needle: NeedleScript, view: ProbeView): NeedleScript {
  if (needle.approach !== 'in-plane') return needle;
  const zoom = zoomOf(view);
  const kind = random.uniform();
  const glints = random.chance(0.15) ? drawGlints(random, needle, zoom) : [];
  const glinting = { ...needle, seen: { ...needle.seen, glints } };
  if (kind < LOST_SHARE) return withLostEnd(random, glinting, zoom);
  return kind < LOST_SHARE + DIM_SHARE ? withDimEnd(random, glinting, zoom) : glinting;
}

function zoomOf(view: ProbeView): number {
  return Math.min(2, Math.max(0.5, view.depthMm / 40));
}

function drawGlints(random: Random, needle: NeedleScript, zoom: number): ShaftGlint[] {
  const { insertionMm } = random.pick(needle.keyframes);
  return Array.from({ length: 1 + random.int(2) }, () => ({
    fromEntryMm: insertionMm * random.range(0.3, 0.95),
    gainDb: random.range(4, 13),
    widthMm: zoom * random.range(0.3, 1.5),
  }));
}

/**
 * The image plane is some millimetres thick: a shaft that leaves it fades over millimetres, and
 * seldom ends at once (in a shadow) or brightly. An end like a tip's is mostly a tip.
 */
function withLostEnd(random: Random, needle: NeedleScript, zoom: number): NeedleScript {
  const hiddenMm = zoom * random.range(3, 14);
  // It stays where the needle crosses the plane, or goes with a needle whose end is bent out of it.
  const isFixed = random.chance(0.35);
  const lossDb = random.range(40, 70);
  const dip: ShaftDip = {
    from: isFixed ? 'entry' : 'tip',
    mm: isFixed ? Math.max(1, random.pick(needle.keyframes).insertionMm - hiddenMm) : hiddenMm,
    edgeMm: random.chance(0.15) ? random.range(0.15, 0.6) : zoom * random.range(0.7, 4),
    lossDb,
    tipLossDb: lossDb,
    endDb: random.chance(0.15) ? random.range(1, 6) : 0,
    endMm: zoom * random.range(0.4, 1.6),
  };
  const seen = seenBefore(needle.seen, dip, hiddenMm, zoom);
  return { ...needle, seen, appearance: brightened(needle, random.range(20, 36)) };
}

function withDimEnd(random: Random, needle: NeedleScript, zoom: number): NeedleScript {
  const dip: ShaftDip = {
    from: 'tip',
    mm: zoom * random.range(1, 6),
    edgeMm: random.range(0.2, 1.5),
    lossDb: random.range(8, 30),
    tipLossDb: random.range(0, 4),
    endDb: random.chance(0.3) ? random.range(1, 5) : 0,
    endMm: zoom * random.range(0.4, 1.2),
  };
  return {
    ...needle,
    seen: seenBefore(needle.seen, dip, dip.mm, zoom),
    appearance: {
      ...brightened(needle, random.range(26, 40)),
      taper: { lossDb: 0, lengthMm: 1 },
      tipFlareDb: random.range(-9, 2),
      cometMm: random.chance(0.4) ? zoom * random.range(1.5, 6) : needle.appearance.cometMm,
    },
  };
}

/** A shaft that cannot be seen teaches nothing about its end, and a tip alone is but a dot. */
function brightened({ appearance }: NeedleScript, leastDb: number): NeedleAppearance {
  return {
    ...appearance,
    shaftDb: Math.max(appearance.shaftDb, leastDb),
    diffuseShare: Math.max(appearance.diffuseShare, 0.3),
    gateDepth: Math.min(appearance.gateDepth, 0.5),
  };
}

/** What of the shaft is seen counts from where the dip begins, at least 12 mm of 40. */
function seenBefore(seen: SeenShaft, dip: ShaftDip, dipMm: number, zoom: number): SeenShaft {
  return { ...seen, fullMm: Math.max(seen.fullMm, 12 * zoom) + dipMm, dip };
}

/**
 * Draws a bright reflector on the axis of a needle that the beam has left, beyond its visible end
 * (two in five): tissue, and no tip. null otherwise.
 */
export function drawAxisReflector(
  random: Random,
  needle: NeedleScript | null,
  view: ProbeView,
): Body | null {
  const dip = needle?.seen.dip;
  const isLost = dip !== undefined && dip.tipLossDb === dip.lossDb;
  if (needle === null || !isLost || !random.chance(0.4)) return null;
  const zoom = zoomOf(view);
  const keyframe: NeedleKeyframe = random.pick(needle.keyframes);
  const endMm = dip.from === 'tip' ? keyframe.insertionMm - dip.mm : dip.mm;
  const alongMm = endMm + zoom * random.range(1.5, 9);
  const angle = (keyframe.angleDeg * Math.PI) / 180;
  const toRight = needle.side === 'left' ? 1 : -1;
  const radiusXMm = zoom * random.logRange(0.25, 1.6);
  return {
    kind: 'lump',
    xMm: needle.entryXMm + toRight * Math.cos(angle) * alongMm,
    zMm: needle.entryZMm + Math.sin(angle) * alongMm,
    radiusXMm,
    radiusZMm: radiusXMm * random.range(0.3, 1),
    tiltRad: random.chance(0.5) ? toRight * angle : random.gaussian() * 0.4,
    outline: [],
    echoDb: random.range(8, 24),
    wallDb: random.range(8, 22),
    wallMm: 0.15,
    attenuation: 0.6,
    fascicles: [],
  };
}
