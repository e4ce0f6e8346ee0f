import type { LabelClass } from '../../domain/ground-truth.js';
import type { ModelFile, ModelManifest } from '../../domain/model-manifest.js';
import type { ClassOutlineError, OutlineError } from '../../domain/outline-error.js';
import { STRUCTURE_CLASSES, type StructureClass } from '../../domain/structure.js';
import {
  complain,
  type Field,
  listOf,
  member,
  numberOf,
  objectOf,
  oneOf,
  textOf,
} from './manifest-checks.js';

const CHANNELS = ['intensity', 'short-difference', 'slow-difference'] as const;
/** Longest side of a network's input, pixels. */
const INPUT_SIDE_MAX = 2048;

/**
 * Checks what `manifest.json` says and returns it typed. Members it does not know are left out.
 *
 * @param text - the file's content
 * @param file - its name, for messages
 * @throws EcholineError ECHOLINE_MODEL_MANIFEST_INVALID naming the place
 */
export function parseManifest(text: string, file: string): ModelManifest {
  const root: Field = { value: parseJson(text, file), path: '', file };
  const spacingRange = member(root, 'spacingRangeMm');
  const min = numberOf(member(spacingRange, 'min'), 0, 100);
  return {
    format: oneOf(member(root, 'format'), ['echoline-model/1'] as const),
    id: textOf(member(root, 'id'), /^[a-z0-9][a-z0-9.-]*$/),
    version: textOf(member(root, 'version')),
    ...fileOf(root),
    ...variantsOf(member(root, 'variants')),
    precision: oneOf(member(root, 'precision'), ['fp32', 'int8'] as const),
    input: inputOf(member(root, 'input')),
    stridePx: numberOf(member(root, 'stridePx'), 1, 64),
    outputs: outputsOf(member(root, 'outputs')),
    classes: classesOf(member(root, 'classes')),
    thresholds: thresholdsOf(member(root, 'thresholds')),
    calibration: calibrationOf(member(root, 'calibration')),
    spacingRangeMm: { min, max: numberOf(member(spacingRange, 'max'), min, 100) },
    provenance: objectOf(member(root, 'provenance')),
    metrics: objectOf(member(root, 'metrics')),
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw complain({ value: String(cause), path: '', file }, 'JSON');
  }
}

function fileOf(field: Field): ModelFile {
  return {
    // A plain name: the manifest must not be able to point outside its folder.
    file: textOf(member(field, 'file'), /^[\w.-]+\.onnx$/),
    sha256: textOf(member(field, 'sha256'), /^[0-9a-f]{64}$/),
  };
}

function variantsOf(field: Field): Pick<ModelManifest, 'variants'> {
  return field.value === undefined ? {} : { variants: { int8: fileOf(member(field, 'int8')) } };
}

function inputOf(field: Field): ModelManifest['input'] {
  const shape = member(field, 'shape');
  const sides = listOf(shape);
  const [batch, channels, height, width] = sides;
  if (sides.length !== 4 || !batch || !channels || !height || !width) {
    throw complain(shape, '[1, 3, height, width]');
  }
  const names = member(field, 'channels');
  if (JSON.stringify(names.value) !== JSON.stringify(CHANNELS)) {
    throw complain(names, CHANNELS.join(', '));
  }
  return {
    name: textOf(member(field, 'name')),
    dtype: oneOf(member(field, 'dtype'), ['uint8'] as const),
    shape: [
      oneOf(batch, [1] as const),
      oneOf(channels, [3] as const),
      numberOf(height, 32, INPUT_SIDE_MAX),
      numberOf(width, 32, INPUT_SIDE_MAX),
    ],
    channels: CHANNELS,
    neutral: numberOf(member(field, 'neutral'), 0, 255),
  };
}

function outputsOf(field: Field): ModelManifest['outputs'] {
  return {
    structures: textOf(member(field, 'structures')),
    tip: textOf(member(field, 'tip')),
    shaft: textOf(member(field, 'shaft')),
    frame: textOf(member(field, 'frame')),
  };
}

function classesOf(field: Field): readonly LabelClass[] {
  const classes = listOf(field).map((entry) =>
    oneOf<LabelClass>(entry, ['background', ...STRUCTURE_CLASSES]),
  );
  if (classes[0] !== 'background' || new Set(classes).size !== classes.length) {
    throw complain(field, 'a list without repetitions that starts with background');
  }
  return classes;
}

function thresholdsOf(field: Field): ModelManifest['thresholds'] {
  const probability = (name: string): number => numberOf(member(field, name), 0, 1);
  return {
    needlePresent: probability('needlePresent'),
    tipHeat: probability('tipHeat'),
    tipScore: probability('tipScore'),
    tipInPlane: probability('tipInPlane'),
    shaft: probability('shaft'),
    tipOffShaftMm: numberOf(member(field, 'tipOffShaftMm'), 0, 100),
    shaftLengthMm: numberOf(member(field, 'shaftLengthMm'), 0, 100),
    structure: probability('structure'),
    structureAreaMm2: numberOf(member(field, 'structureAreaMm2'), 0, 10_000),
    arteryVein: probability('arteryVein'),
    contactLoss: probability('contactLoss'),
    imageQuality: probability('imageQuality'),
    ...clearShaftOf(member(field, 'clearShaft')),
    ...foreignOf(member(field, 'foreign')),
    ...colouredShareOf(member(field, 'colouredShare')),
  };
}

function clearShaftOf(field: Field): Pick<ModelManifest['thresholds'], 'clearShaft'> {
  if (field.value === undefined) return {};
  return {
    clearShaft: {
      needlePresent: numberOf(member(field, 'needlePresent'), 0, 1),
      lengthMm: numberOf(member(field, 'lengthMm'), 0, 100),
      probability: numberOf(member(field, 'probability'), 0, 1),
    },
  };
}

function foreignOf(field: Field): Pick<ModelManifest['thresholds'], 'foreign'> {
  if (field.value === undefined) return {};
  return {
    foreign: {
      neighbourCorrelation: numberOf(member(field, 'neighbourCorrelation'), -1, 1),
      evenShare: numberOf(member(field, 'evenShare'), 0, 1),
      regionSidePx: numberOf(member(field, 'regionSidePx'), 0, 65_535),
    },
  };
}

function colouredShareOf(field: Field): Pick<ModelManifest['thresholds'], 'colouredShare'> {
  return field.value === undefined ? {} : { colouredShare: numberOf(field, 0, 1) };
}

function calibrationOf(field: Field): ModelManifest['calibration'] {
  return {
    radius90PerSigma: numberOf(member(field, 'radius90PerSigma'), 0, 1000),
    needlePresentTemperature: numberOf(member(field, 'needlePresentTemperature'), 0.01, 100),
    ...outlinesOf(member(field, 'outlines')),
    ...tipErrorLastingOf(member(field, 'tipErrorLasting')),
  };
}

function tipErrorLastingOf(field: Field): Pick<ModelManifest['calibration'], 'tipErrorLasting'> {
  return field.value === undefined ? {} : { tipErrorLasting: numberOf(field, 0, 1) };
}

/** Farther off than this an outline is of something else, mm. */
const OUTLINE_ERROR_MAX_MM = 20;

function outlinesOf(field: Field): Pick<ModelManifest['calibration'], 'outlines'> {
  if (field.value === undefined) return {};
  const outlines: Partial<Record<StructureClass, ClassOutlineError>> = {};
  for (const key of Object.keys(objectOf(field))) {
    const name = oneOf({ ...field, value: key }, STRUCTURE_CLASSES);
    const known = member(field, key);
    outlines[name] = {
      sure: outlineErrorIn(member(known, 'sure')),
      unsure: outlineErrorIn(member(known, 'unsure')),
    };
  }
  return { outlines };
}

function outlineErrorIn(field: Field): OutlineError {
  return {
    biasMm: numberOf(member(field, 'biasMm'), -OUTLINE_ERROR_MAX_MM, OUTLINE_ERROR_MAX_MM),
    sigmaMm: numberOf(member(field, 'sigmaMm'), 0, OUTLINE_ERROR_MAX_MM),
  };
}
