import type { AnatomyScript, Body, Layer, LineEcho } from './anatomy.js';
import { drawArtery, drawNerve, drawVein } from './anatomy-parts.js';
import type { DisplayScript } from './display-script.js';
import type { InjectateScript } from './injectate.js';
import { type NeedleKeyframe, type NeedleScript, WHOLE_SHAFT } from './needle.js';
import type { ProbeScript } from './probe.js';
import type { ProbeView } from './probe-view.js';
import { createRandom, type Random } from './random.js';
import type { SceneScript } from './scene.js';
import type { TissueMotion } from './tissue-motion.js';

const VIEW: ProbeView = {
  geometry: 'linear',
  depthMm: 40,
  halfWidthMm: 20,
  radiusMm: 0,
  halfAngleRad: 0,
};

const PROBE: ProbeScript = {
  view: VIEW,
  frequencyMHz: 9,
  spread: {
    axialSigmaMm: 0.13,
    lateralSigmaMm: 0.26,
    focusMm: 18,
    focusRangeMm: 22,
    elevationSigmaMm: 0.9,
  },
  looks: 4,
};

const DISPLAY: DisplayScript = {
  dynamicRangeDb: 62,
  tissueLevel: 0.33,
  noiseDb: -72,
  tgcAttenuation: 0.55,
  tgcErrorDb: [0, 1, 1, 0, -3, -6],
  smoothing: 0.9,
  despeckle: 0,
  persistence: 0.15,
  gamma: 1,
  contrast: 0.25,
  blackShare: 0,
  whiteShare: 1,
  grayLevels: 256,
  lateralUnevenDb: 1,
};

const MOTION: TissueMotion = {
  slide: { amplitude: 0.35, rateHz: 0.17, phase: 0 },
  glide: null,
  press: { amplitude: 0.008, rateHz: 0.21, phase: 1 },
  breathing: { amplitude: 0.4, rateHz: 0.25, phase: 0 },
  breathingAngleRad: 0.4,
  pulseHz: 1.2,
  pulseShare: 0.06,
  veinCollapse: { amplitude: 0.12, rateHz: 0.25, phase: 0 },
  dragMm: 0.5,
  speckleRadS: 0.1,
  contactLoss: null,
};

/** When what happens in the demo's clip, s. The needle comes into view at about 1.7 s. */
export const DEMO_STORY = {
  /** The tip rests 2 mm from the nerve, then fades. */
  nearMissS: 4.4,
  /** A first bolus opens the plane; a pause; the injection. */
  bolusS: 10.3,
  bolusEndS: 11,
  injectionS: 12.5,
  /** Length of the clip. */
  endS: 15.4,
} as const;

/** The scripted scene of the demo. The seed only varies textures. */
export function createDemoScene(seed: number): SceneScript {
  const random = createRandom(seed).fork('demo');
  return {
    probe: PROBE,
    display: DISPLAY,
    layout: {
      fit: 'contain',
      marginLeft: 0,
      marginTop: 0,
      marginRight: 0,
      marginBottom: 0,
      pixelAspect: 1,
      hasFurniture: false,
      surroundLevel: 0,
    },
    anatomy: createDemoAnatomy(random),
    motion: MOTION,
    needle: createDemoNeedle(random),
    restingNeedle: null,
    injectate: INJECTATE,
    distractors: [],
    startS: 0,
  };
}

const INJECTATE: InjectateScript = {
  startS: DEMO_STORY.bolusS,
  pause: { fromS: DEMO_STORY.bolusEndS, toS: DEMO_STORY.injectionS },
  rateMm2S: 42,
  areaMaxMm2: 90,
  aspect: 1.9,
  tiltRad: 0.1,
  echoDb: -26,
  lossDbPerMm: 0.02,
  sparkleDb: 12,
};

function keyframe(
  timeS: number,
  insertionMm: number,
  angleDeg: number,
  tipGain: number,
): NeedleKeyframe {
  return { timeS, insertionMm, angleDeg, planeOffsetMm: 0.1, tipGain };
}

function createDemoNeedle(random: Random): NeedleScript {
  return {
    approach: 'in-plane',
    side: 'left',
    entryXMm: -30,
    entryZMm: 0,
    bowMm: 0.3,
    planeSlope: 0.01,
    tipFadeMm: 5,
    seen: WHOLE_SHAFT,
    tremorMm: 0.06,
    tremorHz: 9,
    appearance: {
      seed: random.int(2 ** 31),
      diameterMm: 0.72,
      sharpness: 1,
      shaftDb: 29,
      specularRad: 0.6,
      diffuseShare: 0.35,
      tipFlareDb: 5,
      taper: { lossDb: 0, lengthMm: 1 },
      bevelMm: 0.8,
      reverbMm: 0.9,
      reverbDecay: 0.35,
      gateMm: 9,
      gateDepth: 0.35,
      beads: { lengthMm: 0.9, depth: 0.25 },
      nearWalls: [],
      sideLobe: { levelDb: -20, widthMm: 1.4 },
      cometMm: 0,
      shadowDb: 2,
    },
    keyframes: [
      keyframe(1.6, 9, 38, 1),
      keyframe(4.4, 33.2, 38, 1),
      keyframe(5, 33.2, 38, 1),
      keyframe(5.3, 33.2, 38, 0),
      keyframe(5.9, 33.2, 38, 0),
      keyframe(6.2, 33.2, 38, 1),
      keyframe(7.2, 19, 38, 1),
      keyframe(7.9, 18, 30.5, 1),
      keyframe(9.6, 31.6, 30.5, 1),
      keyframe(16, 31.8, 30.5, 1),
    ],
  };
}

function createDemoAnatomy(random: Random): AnatomyScript {
  const at = (body: Body, radiusXMm: number, radiusZMm: number): Body => ({
    ...body,
    radiusXMm,
    radiusZMm,
    tiltRad: 0,
  });
  const nerve = demoNerve(random);
  return {
    family: 'neurovascular',
    seed: random.int(2 ** 31),
    layers: LAYERS,
    lines: createLines(),
    bodies: [
      nerve,
      { ...at(drawArtery(random, VIEW, 9.5, 22), 3.3, 3.1), echoDb: -28, wallDb: 11, wallMm: 0.22 },
      { ...at(drawVein(random, VIEW, 15.2, 19), 3.4, 2.1), echoDb: -27, wallDb: 4 },
    ],
    bones: [
      {
        xMm: -9,
        zMm: 31,
        halfWidthMm: 7,
        arcMm: 10,
        slope: 0.05,
        roughnessMm: 0.15,
        levelDb: 27,
        shadowDb: 45,
      },
    ],
    artefacts: [],
  };
}

/** A honeycomb nerve of 4 × 2.6 mm half axes beside the artery. */
function demoNerve(random: Random): Body {
  for (let attempt = 0; attempt < 200; attempt++) {
    const body = drawNerve(random.fork(`nerve-${attempt}`), VIEW, 2, 20, 'honeycomb');
    const isLike = Math.abs(body.radiusXMm - 4) < 0.4 && Math.abs(body.radiusZMm - 2.6) < 0.5;
    if (isLike && Math.abs(body.tiltRad) < 0.25) return { ...body, echoDb: 8, wallDb: 10 };
  }
  throw new Error('Assertion failed: no nerve of the demo’s size was drawn');
}

const STROKES = { alongMm: 4, acrossMm: 0.8, strengthDb: 4 };

const LAYERS: readonly Layer[] = [
  {
    tissue: 'skin',
    bottom: { baseMm: 1.6, slope: 0, waves: [] },
    echoDb: 8,
    attenuation: 0.8,
    texture: { ...STROKES, angleRad: 0, strokesPerCm2: 0, strokeDb: 0, strokeMm: 1 },
  },
  {
    tissue: 'fat',
    bottom: {
      baseMm: 6.2,
      slope: 0.015,
      waves: [{ amplitudeMm: 0.4, wavelengthMm: 26, phase: 0.5 }],
    },
    echoDb: -3,
    attenuation: 0.5,
    texture: { ...STROKES, angleRad: 0.03, strokesPerCm2: 8, strokeDb: 11, strokeMm: 6 },
  },
  {
    tissue: 'muscle',
    bottom: {
      baseMm: 15,
      slope: 0.03,
      waves: [{ amplitudeMm: 0.7, wavelengthMm: 34, phase: 2 }],
    },
    echoDb: -5,
    attenuation: 0.6,
    texture: { ...STROKES, angleRad: -0.08, strokesPerCm2: 8, strokeDb: 11, strokeMm: 3 },
  },
  {
    tissue: 'muscle',
    bottom: { baseMm: 60, slope: 0, waves: [] },
    echoDb: -2,
    attenuation: 0.6,
    texture: { ...STROKES, angleRad: 0.1, strokesPerCm2: 5, strokeDb: 10, strokeMm: 3 },
  },
];

function createLines(): LineEcho[] {
  const across = { fromXMm: -60, toXMm: 60 };
  const lines: LineEcho[] = [
    {
      ...across,
      curve: { baseMm: 0.3, slope: 0, waves: [] },
      levelDb: 14,
      breakup: 0.1,
      isFascia: false,
      sheets: 2,
    },
  ];
  for (const layer of LAYERS.slice(1, 3)) {
    lines.push({
      ...across,
      curve: layer.bottom,
      levelDb: 19,
      breakup: 0.3,
      isFascia: true,
      sheets: 1,
    });
  }
  return lines;
}
