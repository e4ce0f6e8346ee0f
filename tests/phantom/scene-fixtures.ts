import type { AnatomyScript, Body, Layer } from '../../src/phantom/anatomy.js';
import { type NeedleScript, WHOLE_SHAFT } from '../../src/phantom/needle.js';
import type { SceneScript } from '../../src/phantom/scene.js';

const EVEN = {
  angleRad: 0,
  strengthDb: 0,
  alongMm: 5,
  acrossMm: 5,
  strokesPerCm2: 0,
  strokeDb: 0,
  strokeMm: 1,
};

const TISSUE: Layer = {
  tissue: 'muscle',
  bottom: { baseMm: 100, slope: 0, waves: [] },
  echoDb: 0,
  attenuation: 0.5,
  texture: EVEN,
};

/** Even muscle under a still linear probe of 40 × 40 mm, nothing else. */
export function plainScene(changes: {
  readonly bodies?: readonly Body[];
  readonly bones?: AnatomyScript['bones'];
  readonly needle?: NeedleScript | null;
}): Partial<SceneScript> {
  const still = { amplitude: 0, rateHz: 0.2, phase: 0 };
  return {
    probe: {
      view: { geometry: 'linear', depthMm: 40, halfWidthMm: 20, radiusMm: 0, halfAngleRad: 0 },
      frequencyMHz: 8,
      spread: {
        axialSigmaMm: 0.2,
        lateralSigmaMm: 0.35,
        focusMm: 20,
        focusRangeMm: 30,
        elevationSigmaMm: 1,
      },
      looks: 2,
    },
    display: {
      dynamicRangeDb: 60,
      tissueLevel: 0.4,
      noiseDb: -75,
      tgcAttenuation: 0.5,
      tgcErrorDb: [0, 0],
      smoothing: 0.5,
      despeckle: 0,
      persistence: 0,
      gamma: 1,
      contrast: 0,
      blackShare: 0,
      whiteShare: 1,
      grayLevels: 256,
      lateralUnevenDb: 0,
    },
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
    anatomy: {
      family: 'gel',
      seed: 1,
      layers: [TISSUE],
      lines: [],
      bodies: changes.bodies ?? [],
      bones: changes.bones ?? [],
      artefacts: [],
    },
    motion: {
      slide: still,
      glide: null,
      press: still,
      breathing: still,
      breathingAngleRad: 0,
      pulseHz: 1,
      pulseShare: 0,
      veinCollapse: still,
      dragMm: 0,
      speckleRadS: 0,
      contactLoss: null,
    },
    needle: changes.needle ?? null,
    injectate: null,
    distractors: [],
    startS: 0,
  };
}

/** A clear needle from the left that stays where it is: tip at (0, 20) mm. */
export function stillNeedle(angleDeg: number): NeedleScript {
  const angle = (angleDeg * Math.PI) / 180;
  const insertionMm = 21 / Math.cos(angle);
  return {
    approach: 'in-plane',
    side: 'left',
    entryXMm: -21,
    entryZMm: 20 - insertionMm * Math.sin(angle),
    bowMm: 0,
    planeSlope: 0,
    tipFadeMm: 4,
    seen: WHOLE_SHAFT,
    tremorMm: 0,
    tremorHz: 9,
    appearance: {
      seed: 3,
      diameterMm: 0.72,
      sharpness: 1,
      shaftDb: 24,
      specularRad: 0.5,
      diffuseShare: 0.1,
      tipFlareDb: 4,
      taper: { lossDb: 0, lengthMm: 1 },
      bevelMm: 0.8,
      reverbMm: 1,
      reverbDecay: 0,
      gateMm: 8,
      gateDepth: 0,
      beads: { lengthMm: 0.9, depth: 0.25 },
      nearWalls: [],
      sideLobe: null,
      cometMm: 0,
      shadowDb: 0,
    },
    keyframes: [{ timeS: 0, insertionMm, angleDeg, planeOffsetMm: 0, tipGain: 1 }],
  };
}

/** Mean gray level of a rectangle given in mm, for a square image of 40 × 40 mm. */
export function meanLevel(
  image: { readonly widthPx: number; readonly data: Uint8Array },
  mm: { readonly x0: number; readonly x1: number; readonly z0: number; readonly z1: number },
): number {
  const scale = image.widthPx / 40;
  let sum = 0;
  let count = 0;
  for (let y = Math.round(mm.z0 * scale); y < Math.round(mm.z1 * scale); y++) {
    for (let x = Math.round((mm.x0 + 20) * scale); x < Math.round((mm.x1 + 20) * scale); x++) {
      sum += image.data[y * image.widthPx + x] ?? 0;
      count++;
    }
  }
  return sum / count;
}
