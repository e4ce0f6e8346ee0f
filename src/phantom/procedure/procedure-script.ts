import { drawAnatomy } from '../anatomy-families.js';
import { type DisplayScript, drawDisplay } from '../display-script.js';
import { drawInjectate, type InjectateScript } from '../injectate.js';
import { needlePoseAt } from '../motion.js';
import { drawNeedleAppearance, type NeedleScript, WHOLE_SHAFT } from '../needle.js';
import { drawProbe, type ProbeScript } from '../probe.js';
import type { ProbeView } from '../probe-view.js';
import { createRandom, type Random } from '../random.js';
import type { SceneScript } from '../scene.js';
import { drawLayout } from '../screen-layout.js';
import { drawTissueMotion, type TissueMotion } from '../tissue-motion.js';
import { type Aim, type AimScene, drawAim, type Protected } from './procedure-aims.js';
import type { ProcedureEvent } from './procedure-event.js';
import { type NeedlePlan, planNeedle } from './procedure-needle.js';

/** How long the needle rests before it injects, s. */
const FLUID_AFTER_S = 0.5;

/** A whole procedure in scene time, with what is true of it. */
export interface ProcedureScript {
  readonly scene: SceneScript;
  readonly side: 'left' | 'right';
  readonly passes: number;
  readonly redirections: number;
  /** In scene time; a freeze and a depth change have no length there. */
  readonly events: readonly ProcedureEvent[];
  /** How long the image stands still, s, and from when; null for never. */
  readonly freeze: { readonly atS: number; readonly durationS: number } | null;
  /** When the imaging depth changes, and to what; null for never. */
  readonly depthChange: { readonly atS: number; readonly depthMm: number } | null;
  readonly endS: number;
}

/**
 * Draws a procedure: one to three strokes towards a nerve that lies among vessels, some of them too
 * close or into a vessel, and an injection beside the nerve that is often seen. Linear probe, in
 * plane.
 */
export function drawProcedure(seed: number): ProcedureScript {
  for (let attempt = 0; attempt < 200; attempt++) {
    const script = tryProcedure(createRandom(seed).fork(`procedure-${attempt}`));
    if (script !== null) return script;
  }
  throw new Error('Assertion failed: no procedure was drawn in 200 attempts');
}

function tryProcedure(random: Random): ProcedureScript | null {
  const probe = drawNearProbe(random.fork('probe'));
  const { view } = probe;
  const anatomy = drawAnatomy(random.fork('anatomy'), view, 'neurovascular');
  const bodies = anatomy.bodies.filter(isProtected);
  const nerve = bodies.find(({ kind }) => kind === 'nerve');
  if (nerve === undefined || Math.abs(nerve.xMm) > 0.45 * view.halfWidthMm) return null;
  const side = random.chance(0.5) ? 'left' : 'right';
  const gapMm = view.halfWidthMm + random.range(4, 12);
  const entry = { xMm: side === 'left' ? -gapMm : gapMm, zMm: 0 };
  const aims = drawAims(random.fork('aims'), { view, entry, bodies });
  if (aims === null) return null;
  const outOfPlaneLeg = random.chance(0.4) ? random.int(aims.length) : -1;
  const plan = planNeedle(random.fork('needle'), entry, aims, outOfPlaneLeg);
  const needle = needleOf(random.fork('look'), side, entry, plan);
  const injectate = random.chance(0.75) ? injectionOf(random, needle, plan) : null;
  const motion = motionOf(random.fork('motion'), view, plan);
  const scene: SceneScript = {
    probe,
    display: drawClearDisplay(random.fork('display')),
    layout: { ...drawLayout(random.fork('layout')), hasFurniture: false },
    anatomy,
    motion,
    needle,
    restingNeedle: null,
    injectate,
    distractors: [],
    startS: 0,
  };
  return { scene, side, ...happenings(random.fork('events'), plan, scene), endS: plan.endS };
}

function isProtected(body: { readonly kind: string }): body is Protected {
  return body.kind === 'nerve' || body.kind === 'artery' || body.kind === 'vein';
}

function drawNearProbe(random: Random): ProbeScript {
  const probe = drawProbe(random);
  const depthMm = random.range(30, 46);
  const halfWidthMm = random.range(0.42, 0.55) * depthMm;
  const view = { geometry: 'linear', depthMm, halfWidthMm, radiusMm: 0, halfAngleRad: 0 } as const;
  const spread = { ...probe.spread, axialSigmaMm: 0.14, lateralSigmaMm: random.range(0.2, 0.4) };
  return { ...probe, view, frequencyMHz: random.range(7, 12), spread };
}

/** What is judged is the guidance, not the hardest pictures: nothing too dark, harsh or smooth. */
function drawClearDisplay(random: Random): DisplayScript {
  const drawn = drawDisplay(random);
  const tissueLevel = random.range(0.22, 0.42);
  const smoothing = random.range(0.2, 1.5);
  return { ...drawn, tissueLevel, smoothing, despeckle: 0, blackShare: 0, grayLevels: 256 };
}

/** Earlier legs go elsewhere, too close or into a vessel; the last one goes beside the nerve. */
function drawAims(random: Random, scene: AimScene): Aim[] | null {
  const kinds: Aim['kind'][] = [];
  for (let extra = 1 + random.int(3); extra > 0; extra--) {
    kinds.push(random.pick(['near-miss', 'near-miss', 'vessel-entry', 'approach']));
  }
  const aims: Aim[] = [];
  for (const kind of [...kinds, 'target'] as const) {
    const aim = drawAim(random, kind, scene);
    if (aim === null) return null;
    aims.push(aim);
  }
  return aims;
}

function needleOf(
  random: Random,
  side: 'left' | 'right',
  entry: AimScene['entry'],
  { keyframes }: NeedlePlan,
): NeedleScript {
  const drawn = drawNeedleAppearance(random);
  return {
    approach: 'in-plane',
    side,
    entryXMm: entry.xMm,
    entryZMm: entry.zMm,
    bowMm: random.range(-0.4, 0.4),
    planeSlope: 0,
    tipFadeMm: 3,
    seen: WHOLE_SHAFT,
    tremorMm: random.range(0.02, 0.08),
    tremorHz: random.range(8, 12),
    appearance: { ...drawn, shaftDb: random.range(24, 36), diffuseShare: random.range(0.25, 0.5) },
    keyframes,
  };
}

function injectionOf(random: Random, needle: NeedleScript, plan: NeedlePlan): InjectateScript {
  const startS = plan.injectionS + FLUID_AFTER_S;
  const pose = needlePoseAt(needle, startS);
  if (pose === null) throw new Error('Assertion failed: the needle is in while it injects');
  return { ...drawInjectate(random.fork('injectate'), pose, startS), areaMaxMm2: 90 };
}

/** Little movement of its own; one in four probes slides while the needle rests. */
function motionOf(random: Random, view: ProbeView, plan: NeedlePlan): TissueMotion {
  const drawn = drawTissueMotion(random, view);
  const rest = random.pick(plan.rests);
  const slides = random.chance(0.25);
  const shiftMm = random.pick([-1, 1]) * random.range(3, 6);
  return {
    ...drawn,
    slide: { ...drawn.slide, amplitude: Math.min(0.5, drawn.slide.amplitude) },
    contactLoss: null,
    glide: slides ? { fromS: rest.fromS + 0.1, toS: rest.fromS + 0.7, shiftMm } : null,
  };
}

type Happenings = Omit<ProcedureScript, 'scene' | 'side' | 'endS'>;

function happenings(random: Random, plan: NeedlePlan, scene: SceneScript): Happenings {
  const { passes, redirections, rests } = plan;
  const events: ProcedureEvent[] = [...plan.events];
  const add = (kind: ProcedureEvent['kind'], fromS: number, toS: number): void => {
    events.push({ kind, fromS, toS, structure: null });
  };
  const { glide } = scene.motion;
  if (glide !== null) add('probe-slide', glide.fromS, glide.toS);
  const injected = scene.injectate === null ? 'unseen-injection' : 'injection';
  add(injected, plan.injectionS + FLUID_AFTER_S, plan.injectionS + 5);
  const atS = random.pick(rests).toS - 0.2;
  const kind = random.uniform();
  const freeze = kind < 0.2 ? { atS, durationS: random.range(1, 2.5) } : null;
  const { depthMm } = scene.probe.view;
  const isChanged = kind >= 0.2 && kind < 0.4;
  const depthChange = isChanged ? { atS, depthMm: depthMm * random.range(1.15, 1.35) } : null;
  if (freeze !== null) add('freeze', atS, atS);
  if (depthChange !== null) add('depth-change', atS, atS);
  return { passes, redirections, events, freeze, depthChange };
}
