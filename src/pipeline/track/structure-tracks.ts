import { movedBy, type PointPx } from '../../domain/geometry.js';
import { isVessel, type StructureClass } from '../../domain/structure.js';
import type { FrameContext, SeenStructure, TrackedStructure } from '../frame-context.js';
import { mayShare, type Outline, outlineOf, polygonOverlap } from './polygon-overlap.js';

/** Parts of the smaller outline that two sights of one structure have in common at least. */
const COMMON_MIN = 0.3;
/** A structure this sure is shown at first sight, others at the second of three frames. */
const SURE = 0.8;
const SIGHTS_MIN = 2;
const SIGHTS_OF = 3;
/** Longest time that a contour is moved along without having been outlined, µs. */
export const STRUCTURE_COAST_MAX_US = 150_000;
/** So many sights earn that; what flickers does not. */
const COAST_SIGHTS_MIN = 5;
/** How long a structure that is not seen keeps its identity, µs. */
export const STRUCTURE_MEMORY_US = 1_000_000;
/** Frames in a row that have to call a vessel something else before its class changes. */
const CLASS_FRAMES = 3;

/** Common bounds that a pair has at least that may have that in common; rows measure roughly. */
const COMMON_BOUNDS_MIN = COMMON_MIN / 2;
const NOT_CARRIED: PointPx = { xPx: 0, yPx: 0 };

/** An outline of this frame. */
interface Sight {
  readonly seen: SeenStructure;
  readonly outline: Outline;
}

/** One structure as it is followed. */
interface StructureTrack {
  readonly id: number;
  readonly class: StructureClass;
  /** As last outlined. */
  readonly seen: SeenStructure;
  readonly outline: Outline;
  /** Where the tissue has carried it since. */
  readonly carriedPx: PointPx;
  readonly seenUs: number;
  readonly sights: number;
  /** Frames since the first sight, while it is not shown yet. */
  readonly age: number;
  readonly isShown: boolean;
  /** Frames in a row with another class. */
  readonly otherClass: number;
}

/** The structures of one stream as they are followed. */
export interface StructureTracks {
  tracks: readonly StructureTrack[];
  nextId: number;
}

/** Nothing is followed yet. */
export function createStructureTracks(): StructureTracks {
  return { tracks: [], nextId: 1 };
}

/**
 * Gives the structures of a frame their identity.
 *
 * Pairs of a known and a seen outline are joined greedily, those with most in common first. The
 * outlines of one frame do not overlap, so at most one of them shares more than half of a known
 * one, and an optimal assignment (Hungarian) would differ only where none does, which is where
 * identity is a guess anyway.
 *
 * A structure appears at its first sight when it is sure, else at the second of three frames. One
 * that was followed and is not outlined coasts for 150 ms; its identity is kept for a second.
 */
export function stepStructureTracks(
  state: StructureTracks,
  seen: readonly SeenStructure[],
  { tissueShiftPx }: Pick<FrameContext, 'tissueShiftPx'>,
  nowUs: number,
): readonly TrackedStructure[] {
  const known = state.tracks.filter(({ seenUs }) => nowUs - seenUs <= STRUCTURE_MEMORY_US);
  const sights = seen.map((one): Sight => ({ seen: one, outline: outlineOf(one.contour) }));
  const trackOf = join(known, tissueShiftPx, sights);
  const followed = sights.map((sight): StructureTrack => {
    const track = trackOf.get(sight);
    return track === undefined ? begin(state.nextId++, sight, nowUs) : goOn(track, sight, nowUs);
  });
  const joined = new Set(trackOf.values());
  const unseen = known
    .filter((track) => !joined.has(track))
    .flatMap((track) => miss(track, tissueShiftPx));
  state.tracks = [...followed, ...unseen];
  const isCoasting = (track: StructureTrack): boolean =>
    track.isShown &&
    track.sights >= COAST_SIGHTS_MIN &&
    nowUs - track.seenUs <= STRUCTURE_COAST_MAX_US;
  return [
    ...followed.filter(({ isShown }) => isShown).map((track) => report(track, false)),
    ...unseen.filter(isCoasting).map((track) => report(track, true)),
  ];
}

/** Which known structure, moved by the tissue, each outline is; those of none are left out. */
function join(
  tracks: readonly StructureTrack[],
  shift: PointPx,
  sights: readonly Sight[],
): Map<Sight, StructureTrack> {
  const pairs: { track: StructureTrack; sight: Sight; likeness: number }[] = [];
  for (const track of tracks) {
    const kind = kindOf(track.class);
    const carriedPx = movedBy(track.carriedPx, shift);
    for (const sight of sights) {
      if (kind !== kindOf(sight.seen.class)) continue;
      if (!mayShare(track.outline, carriedPx, sight.outline, COMMON_BOUNDS_MIN)) continue;
      const overlap = polygonOverlap(track.outline, carriedPx, sight.outline);
      if (overlap === null) continue;
      const { common, first, second } = overlap;
      if (common <= 0 || common < COMMON_MIN * Math.min(first, second)) continue;
      pairs.push({ track, sight, likeness: common / (first + second - common) });
    }
  }
  pairs.sort((a, b) => b.likeness - a.likeness);
  const trackOf = new Map<Sight, StructureTrack>();
  const taken = new Set<StructureTrack>();
  for (const { track, sight } of pairs) {
    if (trackOf.has(sight) || taken.has(track)) continue;
    trackOf.set(sight, track);
    taken.add(track);
  }
  return trackOf;
}

/** Classes that one structure may change between: whether a vessel is an artery comes and goes. */
function kindOf(structureClass: StructureClass): StructureClass {
  return isVessel(structureClass) ? 'vessel' : structureClass;
}

function begin(id: number, { seen, outline }: Sight, nowUs: number): StructureTrack {
  return {
    id,
    class: seen.class,
    seen,
    outline,
    carriedPx: NOT_CARRIED,
    seenUs: nowUs,
    sights: 1,
    age: 1,
    isShown: seen.confidence >= SURE,
    otherClass: 0,
  };
}

function goOn(track: StructureTrack, { seen, outline }: Sight, nowUs: number): StructureTrack {
  const isOther = seen.class !== track.class;
  const otherClass = isOther ? track.otherClass + 1 : 0;
  const hasChanged = otherClass >= CLASS_FRAMES;
  const sights = track.sights + 1;
  // Written out, like the others: copying objects member by member is most of what tracks cost.
  return {
    id: track.id,
    class: hasChanged ? seen.class : track.class,
    otherClass: hasChanged ? 0 : otherClass,
    seen,
    outline,
    carriedPx: NOT_CARRIED,
    seenUs: nowUs,
    sights,
    age: track.age + 1,
    isShown: track.isShown || seen.confidence >= SURE || sights >= SIGHTS_MIN,
  };
}

/** A frame without it. One that was not shown in time is forgotten. */
function miss(track: StructureTrack, shift: PointPx): readonly StructureTrack[] {
  const age = track.age + 1;
  if (!track.isShown && age >= SIGHTS_OF) return [];
  return [{ ...track, age, carriedPx: movedBy(track.carriedPx, shift) }];
}

/** Field by field: a spread that adds fields costs a hidden class each (docs/performance.md). */
function report(track: StructureTrack, isCoasting: boolean): TrackedStructure {
  const { id, class: name, seen, carriedPx } = track;
  const { confidence, areaMm2 } = seen;
  const contour = isCoasting ? carried(seen.contour, carriedPx) : seen.contour;
  return { id, class: name, confidence, contour, areaMm2, isCoasting };
}

/** A contour where the tissue has carried it. */
function carried(contour: readonly PointPx[], shift: PointPx): readonly PointPx[] {
  if (shift.xPx === 0 && shift.yPx === 0) return contour;
  return contour.map((point) => movedBy(point, shift));
}
