import type { AnatomyScript } from './anatomy.js';
import { drawAnatomy } from './anatomy-families.js';
import { type DisplayScript, drawDisplay } from './display-script.js';
import { type Distractor, drawDistractors } from './distractor.js';
import { drawAxisReflector, withHardTip } from './hard-tip.js';
import { drawInjectate, type InjectateScript } from './injectate.js';
import { drawInPlaneNeedle, drawOutOfPlaneNeedle, needlePoseAt } from './motion.js';
import type { NeedleScript } from './needle.js';
import { drawProbe, type ProbeScript } from './probe.js';
import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';
import { drawRestingNeedle } from './resting-needle.js';
import { drawLayout, type ScreenLayout } from './screen-layout.js';
import { drawTissueMotion, type TissueMotion } from './tissue-motion.js';
import { widenVessels } from './vessel-looks.js';

/** Everything that a clip shows. Each part is drawn from the seed unless it is given. */
export interface SceneScript {
  readonly probe: ProbeScript;
  readonly display: DisplayScript;
  readonly layout: ScreenLayout;
  readonly anatomy: AnatomyScript;
  readonly motion: TissueMotion;
  /** null for a needle-free clip. */
  readonly needle: NeedleScript | null;
  /** A second needle that is not moved, beside the other; null for none. */
  readonly restingNeedle: NeedleScript | null;
  /** null for no injection. */
  readonly injectate: InjectateScript | null;
  /** Needle-like lines that are no needle. */
  readonly distractors: readonly Distractor[];
  /** Scene time of the first frame. */
  readonly startS: number;
}

/**
 * Completes a scene. Every part has its own random source, so given parts change no other part.
 *
 * @param restingShare - share of the scenes with a needle that get a resting one too
 */
export function drawScene(
  random: Random,
  given: Partial<SceneScript> = {},
  restingShare = 0,
): SceneScript {
  const probe = given.probe ?? drawProbe(random.fork('probe'));
  const { view } = probe;
  const startS = given.startS ?? random.fork('start').range(0, 9);
  const needle = given.needle === undefined ? drawSomeNeedle(random, view) : given.needle;
  return {
    probe,
    display: given.display ?? drawDisplay(random.fork('display')),
    layout: given.layout ?? drawLayout(random.fork('layout')),
    anatomy: given.anatomy ?? drawSomeAnatomy(random, view, needle),
    motion: given.motion ?? drawTissueMotion(random.fork('motion'), view),
    needle,
    restingNeedle:
      given.restingNeedle === undefined
        ? drawResting(random.fork('resting'), restingShare, needle, view, startS)
        : given.restingNeedle,
    injectate:
      given.injectate === undefined
        ? drawInjection(random.fork('injectate'), needle, startS)
        : given.injectate,
    distractors: given.distractors ?? drawDistractors(random.fork('distractors'), view),
    startS,
  };
}

/** Tissue of a random family, sometimes with a reflector where the needle's tip might be. */
function drawSomeAnatomy(
  random: Random,
  view: ProbeView,
  needle: NeedleScript | null,
): AnatomyScript {
  const drawn = drawAnatomy(random.fork('anatomy'), view);
  const anatomy = widenVessels(random.fork('vessels'), view, drawn);
  const reflector = drawAxisReflector(random.fork('reflector'), needle, view);
  return reflector === null ? anatomy : { ...anatomy, bodies: [...anatomy.bodies, reflector] };
}

function drawSomeNeedle(random: Random, view: ProbeView): NeedleScript | null {
  const needle = drawNeedle(random.fork('needle'), view);
  return needle === null ? null : withHardTip(random.fork('hard-tip'), needle, view);
}

/** 27 % no needle, 12 % out of plane, the rest in plane. */
function drawNeedle(random: Random, view: ProbeView): NeedleScript | null {
  const kind = random.uniform();
  if (kind < 0.27) return null;
  return kind < 0.39 ? drawOutOfPlaneNeedle(random, view) : drawInPlaneNeedle(random, view);
}

function drawResting(
  random: Random,
  share: number,
  needle: NeedleScript | null,
  view: ProbeView,
  startS: number,
): NeedleScript | null {
  if (needle === null || !random.chance(share)) return null;
  return drawRestingNeedle(random, view, needle, startS);
}

function drawInjection(
  random: Random,
  needle: NeedleScript | null,
  startS: number,
): InjectateScript | null {
  if (needle === null || !random.chance(0.25)) return null;
  const injectionS = startS + random.range(-2.5, 2);
  const pose = needlePoseAt(needle, injectionS);
  return pose === null ? null : drawInjectate(random, pose, injectionS);
}
