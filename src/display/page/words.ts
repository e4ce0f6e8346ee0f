import type { InjectionStep, Side } from '../../domain/procedure.js';
import type { DisplayState } from '../staleness.js';

/**
 * Every word of the page, in one file, so that it can be translated by replacing this file. What is
 * also written on the canvas is in `needle-words.ts` and `structure-styles.ts`; an advisory's text
 * comes from the service.
 */

/** Texts of elements with `data-words`, and names of elements with `data-name`. */
export const ELEMENT_WORDS: Readonly<Record<string, string>> = {
  title: 'Echoline display',
  disclaimer: 'NOT A MEDICAL DEVICE',
  'disclaimer-detail': 'Research software. Do not use it for patient care.',
  'stage-name': 'Ultrasound image',
  'panel-name': 'Findings and plan',
  'controls-name': 'Controls',
  'tabs-name': 'Panel',
  simulated: 'SIMULATED',
  age: 'Overlay age',
  fps: 'Frame rate',
  latency: 'Latency, median',
  verdicts: 'Frames looked at',
  side: 'Side',
  technique: 'Technique',
  protocol: 'Protocol',
  stream: 'Stream',
  operator: 'Operator',
  model: 'Model',
  advisories: 'Advisories',
  'advisories-none': 'No advisory. That does not mean “safe”.',
  'tab-findings': 'Findings',
  'tab-plan': 'Plan',
  'tab-steps': 'Steps',
  'tab-view': 'View',
  needle: 'Needle',
  nearest: 'Nearest protected structure',
  structures: 'Structures in this image',
  'take-control': 'Take control',
  'zoom-reset': 'Whole image',
  'snapshot-beside': 'Snapshot, both',
  'choose-stream': 'Stream',
  'choose-protocol': 'Protocol',
  'confirm-side': 'Side of the patient',
  left: 'Left',
  right: 'Right',
  midline: 'Midline',
  'must-see': 'Must be seen',
  start: 'Start procedure',
  target: 'Target',
  'target-set': 'Set in the image',
  'target-confirm': 'Confirm',
  'target-clear': 'Clear',
  injection: 'Injection',
  aspirate: 'Aspirate',
  'test-bolus': 'Test bolus',
  hydrodissection: 'Hydrodissect',
  inject: 'Inject',
  'injection-volume': 'Volume, ml',
  'injection-stop': 'Stop',
  end: 'End procedure',
  summary: 'Summary',
  'summary-link': 'Open the report',
  'draw-classes': 'Draw',
  brightness: 'Brightness of the image',
  darker: 'Darker',
  brighter: 'Brighter',
  'theme-button': 'High contrast',
  mirror: 'Mirror …',
  'sound-button': 'Sound',
  'sound-test': 'Test sound',
  pedals: 'Foot switches',
  counters: 'This display',
  'count-shown': 'Frames shown',
  'count-overlaid': 'with their overlay',
  'count-skipped': 'skipped for newer',
  'count-late': 'Overlays too late',
  'count-refused': 'Messages refused',
  hide: 'Hide overlay',
  snapshot: 'Snapshot',
  'zoom-in': 'Zoom in',
  'zoom-out': 'Zoom out',
  review: 'Review …',
  full: 'Full screen',
  help: 'Help',
  'help-title': 'Reading this display',
  'help-keys-title': 'Keys',
  close: 'Close',
  'mirror-title': 'Swap left and right of the picture?',
  'mirror-text': 'The marker moves along, and MIRRORED is shown as long as it is so.',
  'mirror-yes': 'Swap',
  cancel: 'Cancel',
  'review-name': 'Review',
  'review-open': 'Open a recording',
  'review-close': 'Back to live',
  'review-back': 'Previous image',
  'review-forward': 'Next image',
  'review-event-back': 'Previous event',
  'review-event-forward': 'Next event',
  'review-scrub': 'Position',
  'review-truth': 'Ground truth',
};

/** What each state means, for the help sheet. */
export const STATE_WORDS: readonly (readonly [DisplayState, string])[] = [
  ['LIVE', 'Image and overlay are current. The overlay fades as it ages.'],
  ['STALE', 'The image is current, the overlay is too old and is hidden.'],
  ['UNAVAILABLE', 'The image is current, no engine looks at it.'],
  ['FROZEN', 'The scanner froze the image; the overlay belongs to it.'],
  ['LOST', 'No image came for a second. The last one is shown dark.'],
];

/** How to read what is drawn, for the help sheet. */
export const DRAWING_WORDS =
  'Solid ring with cross-hair: the tip lies inside with 90 % probability. Dashed ring: a ' +
  'prediction. Bar across the shaft: its visible end, not the tip. Dashed diamond: a ' +
  'cross-section, not the tip. Dashed line: where the shaft points.';

/** What each shortcut does, for the help sheet. */
export const SHORTCUT_WORDS = {
  hide: 'hide or show the overlay',
  full: 'full screen',
  help: 'this sheet',
  snapshot: 'save a picture with the overlay; Shift: and without it beside',
  zoom: 'zoom in, out, whole image',
  pan: 'pan while zoomed in',
  brightness: 'darker, brighter',
  tabs: 'findings, plan, steps, view',
  control: 'take or give back control',
  target: 'set the target: arrows and Enter, or a click',
  confirm: 'confirm the target where it is',
  clear: 'clear the target',
  injection: 'start or stop the injection',
  sound: 'sound on or off',
  theme: 'high contrast',
  mirror: 'swap left and right (asks first)',
  injectionPedal: 'foot switch: injection start or stop',
  hidePedal: 'foot switch: hide the overlay',
  review: 'open a recording',
  play: 'review: play or pause',
  step: 'review: one image back or on',
  event: 'review: previous or next event',
} as const;

export const PRIORITY_WORDS = { low: 'LOW', medium: 'MEDIUM', high: 'HIGH' } as const;
export const SIDE_WORDS: Readonly<Record<Side, string>> = {
  left: 'LEFT',
  right: 'RIGHT',
  midline: 'MIDLINE',
};
export const STEP_WORDS: Readonly<Record<InjectionStep, string>> = {
  aspirate: 'Aspirating',
  'test-bolus': 'Test bolus',
  hydrodissection: 'Hydrodissecting',
  injection: 'Injecting',
};

/** Sentences with figures or names in them, and words for what is not known. */
export const WORDS = {
  none: '–',
  noOverlayYet: 'no overlay yet',
  noImageYet: 'no image yet',
  notMeasured: 'not measured yet',
  receiveToPublish: 'receive to publish',
  captureToDisplay: (uncertaintyMs: number) => `capture to display, ± ${uncertaintyMs}`,
  size: (width: number, height: number, zoom: number) =>
    zoom === 1 ? `${width} × ${height}` : `${width} × ${height}, zoom ${zoom.toFixed(1)}`,
  verdictsOk: (ok: number) => `${ok} ok`,
  verdictsRest: (rest: string) => (rest === '' ? 'none missed' : rest),
  noProtocol: 'none: default rules',
  sideMissing: 'NOT CONFIRMED',
  nobody: 'nobody',
  needleUnknown: 'Not known',
  stateMeaning: {
    STALE: 'The newest overlay is too old.',
    UNAVAILABLE: 'No engine looks at this picture.',
    LOST: 'There is no current picture.',
    WAITING: 'No picture has come yet.',
    FROZEN: 'No overlay belongs to this frozen image.',
    LIVE: '',
  },
  noDistance: {
    tip: 'No distance: tip not seen',
    scale: 'No distance: scale unknown',
    structure: 'No distance: none is seen',
  },
  tipWithin: (mm: string) => `Tip within ${mm} (90 %)`,
  shaftAngle: (deg: number) => `Shaft angle ${deg}°`,
  tipAt: (mm: string, boundMm: string) => `tip at ${mm} (≥ ${boundMm})`,
  noGuidance: 'No guidance, because',
  limited: 'Limited, because',
  noneOutlined: 'None outlined.',
  notKnown: 'Not known.',
  observing: 'This display only looks on. One display at a time may give commands.',
  controlling: 'This display may give commands.',
  noControl: (reason: string) => `No control: ${reason}`,
  refusedCommand: (reason: string) => `Refused: ${reason}`,
  noConnection: 'Not sent: there is no connection.',
  noFrame: 'Not set: there is no current overlay.',
  noTarget: 'No target is set.',
  targetExpected: (name: string, mm: number) => `Expected: ${name}, within ${mm} mm.`,
  aim: 'Click the target in the image, or move the cross with the arrows and press Enter.',
  depthExpected: (from: number, to: number) => `Target expected ${from}–${to} mm deep.`,
  seen: 'seen',
  unseen: 'not seen',
  silence: 'Silence',
  injectionRuns: (step: string, volume: string) => `${step}${volume} …`,
  injectionsDone: (count: number, ml: string) => `${count} done, ${ml} ml in all`,
  summaryMissing: 'The service has no summary of this procedure.',
  pressKey: 'Press the pedal …',
  pedal: (what: string, key: string) => `${what}: ${key}`,
  pedalInjection: 'Injection',
  pedalHide: 'Hide overlay',
  snapshotStamp: (state: string, stream: string, time: string) =>
    `${state} · ${stream} · ${time} · NOT A MEDICAL DEVICE`,
  simulatedStamp: 'SIMULATED',
  announce: (state: string, needle: string) => `${state}. Needle: ${needle}.`,
  announceAdvisory: (priority: string, text: string) => `${priority}: ${text}`,
} as const;

const minutes = (ms: number) => `${(ms / 60_000).toFixed(1)} min`;
const whole = (count: number) => String(count);
const percent = (share: number) => `${Math.round(share * 100)} %`;
const mm = (length: number) => `${Math.round(length)} mm`;

/** Figures of a procedure's summary: name on the wire, words, and how the number is written. */
export const SUMMARY_WORDS: readonly (readonly [
  key: string,
  words: string,
  show: (value: number) => string,
])[] = [
  ['durationMs', 'Duration', minutes],
  ['passes', 'Passes', whole],
  ['redirections', 'Redirections', whole],
  ['needleInViewMs', 'Needle in view', minutes],
  ['tipVisibleShare', 'of that, tip visible', percent],
  ['unseenAdvanceMm', 'Advanced unseen', mm],
  ['frames', 'Frames', whole],
];

/** The middle of the picture while there is none. */
export const NOTICE_WORDS = {
  ended: 'Connection ended',
  reload: 'Reload the page to try again.',
  notReached: 'Service not reached',
  noConnection: 'No connection',
  againNow: 'Trying again now.',
  againIn: (seconds: number) => `Trying again within ${seconds} s.`,
  lost: 'Image lost',
  noImage: 'No image has come.',
  lastImage: (seconds: number) => `The last image is ${seconds} s old.`,
  checkCart: 'Check the cart and its network.',
  connecting: 'Connecting',
  opening: (stream: string) => `Opening the stream "${stream}".`,
  waiting: 'Waiting for a cart',
  noCart: 'No cart streams to this service yet. Start one, for example:',
  noCartAs: (stream: string) => `No cart streams as "${stream}" yet. Start one, for example:`,
  noReason: 'No reason was given',
} as const;

/** Below the picture. */
export const RIBBON_WORDS = {
  stale: 'Overlay hidden: too old. The picture is live.',
  unavailable: 'No guidance: no engine looks at this picture. The picture is live.',
  /** On the picture, where its overlay is drawn. */
  frozen: 'FROZEN',
  notDrawn: (names: readonly string[]) =>
    `NOT DRAWN: ${names.length > 2 ? `${names.length} kinds` : names.join(', ')}`,
  frozenHidden: 'FROZEN image. Overlay hidden.',
  hidden: 'Overlay hidden by the operator.',
  'overlay-invalid': 'OVERLAY INVALID: refused, not shown.',
  'overlays-without-frames': 'Overlays come, but no picture.',
} as const;

/** The review of a recording. */
export const REVIEW_WORDS = {
  reading: (percent: number) => `Reading the recording … ${percent} %`,
  badge: 'REVIEW',
  empty:
    'These files are no Echoline recording (clip.json, frames.jsonl and frames.bin are needed).',
  noImage: 'This image cannot be shown.',
  position: (index: number, count: number, seconds: string) => `${index} / ${count} · ${seconds} s`,
  depth: 'Depth, mm',
  clearance: 'Clearance, mm (lower bound)',
  tipError: (mm: string) => `Tip off the truth by ${mm}`,
  tipTruthHidden: 'The true tip is not visible here.',
  noTruth: 'This recording has no ground truth.',
  truthUnreadable: 'The true outlines cannot be read.',
  view: 'Needle in view',
  pass: 'Pass',
  passNumber: (number: number, isRedirection: boolean) =>
    isRedirection ? `${number}, redirected` : String(number),
  injection: 'Injection',
  advisory: 'Advisory',
  event: 'Event',
  play: 'Play',
  pause: 'Pause',
} as const;
