import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { createPhantomClip } from '../phantom-clip.js';
import type { SceneScript } from '../scene.js';
import type { ProcedureEvent } from './procedure-event.js';
import { drawProcedure, type ProcedureScript } from './procedure-script.js';

export interface ProcedureClipOptions {
  /** Names the procedure: the same options give the same bytes. */
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRateHz: number;
}

/** A frame, and what its cart would say about it. */
export interface ProcedureFrame extends SimulatedFrame {
  readonly isFrozen: boolean;
  /** The scale differs from that of the frame before. */
  readonly geometryChanged: boolean;
}

/** A scripted procedure of `frameCount` frames, with the truth about its course. */
export interface ProcedureClip extends SimulatedClip {
  readonly frameCount: number;
  readonly side: 'left' | 'right';
  readonly passes: number;
  readonly redirections: number;
  /** In clip time, by their beginning. */
  readonly events: readonly ProcedureEvent[];
  nextFrame(): ProcedureFrame;
}

/**
 * Renders a scripted procedure (`drawProcedure`). Scene time stands still while the image is
 * frozen; a change of depth goes on with the same scene under a deeper view.
 */
export function createProcedureClip(options: ProcedureClipOptions): ProcedureClip {
  const { seed, frameRateHz, widthPx, heightPx } = options;
  const script = drawProcedure(seed);
  const course = planCourse(script, frameRateHz);
  const open = (scene: SceneScript): SimulatedClip =>
    createPhantomClip({ seed, widthPx, heightPx, frameRateHz, scene });
  let clip = open(script.scene);
  let index = 0;
  let last: SimulatedFrame | null = null;
  return {
    widthPx,
    heightPx,
    probeGeometry: clip.probeGeometry,
    frameIntervalUs: clip.frameIntervalUs,
    family: `procedure-${seed}`,
    frameCount: course.frameCount,
    side: script.side,
    passes: script.passes,
    redirections: script.redirections,
    events: script.events.map((event) => inClipTime(event, script)),
    nextFrame() {
      const timeUs = Math.round((index * 1e6) / frameRateHz);
      const isFrozen = last !== null && index >= course.frozenFrom && index < course.frozenTo;
      const geometryChanged = index === course.deeperFrom;
      if (geometryChanged) clip = open(deeperScene(script, index / frameRateHz));
      index += 1;
      if (isFrozen && last !== null) {
        const truth = { ...last.truth, probeShiftPx: { xPx: 0, yPx: 0 } };
        return { image: last.image, truth, timeUs, isFrozen, geometryChanged };
      }
      last = clip.nextFrame();
      return { ...last, timeUs, isFrozen, geometryChanged };
    },
  };
}

/** Frame numbers at which something changes; −1 for never. At most one of the two happens. */
interface Course {
  readonly frameCount: number;
  readonly frozenFrom: number;
  readonly frozenTo: number;
  readonly deeperFrom: number;
}

function planCourse({ freeze, depthChange, endS }: ProcedureScript, frameRateHz: number): Course {
  const frames = (seconds: number): number => Math.round(seconds * frameRateHz);
  const frozen = freeze === null ? 0 : frames(freeze.durationS);
  const frozenFrom = freeze === null ? -1 : frames(freeze.atS);
  return {
    frameCount: frames(endS) + frozen,
    frozenFrom,
    frozenTo: frozenFrom + frozen,
    deeperFrom: depthChange === null ? -1 : frames(depthChange.atS),
  };
}

function deeperScene({ scene, depthChange }: ProcedureScript, startS: number): SceneScript {
  if (depthChange === null) return scene;
  const view = { ...scene.probe.view, depthMm: depthChange.depthMm };
  return { ...scene, probe: { ...scene.probe, view }, startS };
}

/** Moves what comes after a freeze by its length. */
function inClipTime(event: ProcedureEvent, { freeze }: ProcedureScript): ProcedureEvent {
  const later = (timeS: number): number =>
    timeS + (freeze !== null && timeS > freeze.atS ? freeze.durationS : 0);
  if (event.kind === 'freeze') {
    return { ...event, toS: event.fromS + (freeze?.durationS ?? 0) };
  }
  return { ...event, fromS: later(event.fromS), toS: later(event.toS) };
}
