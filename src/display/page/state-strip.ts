import type { ConnectionState } from '../display-events.js';
import type { DisplayFigures, DisplayView, LatencyReading } from '../display-session.js';
import { sinceWords } from '../staleness.js';
import { elementById, setData, setText } from './element.js';
import { WORDS } from './words.js';

/** What the strip shows besides the view. */
export interface StripInput {
  readonly stream: string | null;
  readonly refusedCount: number;
  readonly isOverlayHidden: boolean;
  readonly zoom: number;
  /** Of the service; null while it did not say. */
  readonly verdicts: Readonly<Record<string, number>> | null;
}

/** The state that is always in sight: badge, ages, rates, counters. */
export interface StateStrip {
  /** On every animation frame: the state, also as data attributes on the body. */
  showState(view: DisplayView<unknown>, connection: ConnectionState, input: StripInput): void;
  /** A few times a second: figures that have to stay readable. */
  showFigures(view: DisplayView<unknown>, figures: DisplayFigures, input: StripInput): void;
}

/**
 * Makes the strip on the elements of `index.html`. The body's data attributes say the same as the
 * words, for style sheets, assistive technology and tests.
 */
export function createStateStrip(): StateStrip {
  const badge = elementById('state', HTMLElement);
  const simulated = elementById('simulated', HTMLElement);
  const texts = Object.fromEntries(TEXT_IDS.map((id) => [id, elementById(id, HTMLElement)]));
  const write = (id: (typeof TEXT_IDS)[number], text: string): void => {
    const element = texts[id];
    if (element !== undefined) setText(element, text);
  };

  return {
    showState(view, connection, input) {
      const { shown, staleness, current } = view;
      setText(badge, staleness.state);
      simulated.hidden = view.info?.isSimulated !== true;
      const isDrawn = !input.isOverlayHidden && staleness.overlayOpacity > 0;
      const drawn = isDrawn ? (shown?.overlay ?? null) : null;
      setData('state', staleness.state);
      setData('connection', connection.phase);
      setData('needleState', current?.needle.state ?? 'unknown');
      setData('frameId', shown === null ? '' : String(shown.frame.frameId));
      setData('overlayFrameId', drawn === null ? '' : String(drawn.frameId));
      setData('overlay', overlayWord(drawn !== null, staleness.overlayOpacity, input));
      setData('simulated', String(view.info?.isSimulated ?? false));
      setData('stream', input.stream ?? '');
    },
    showFigures(view, figures, input) {
      const { shown, overlayAge } = view;
      write('age', overlayAge === null ? WORDS.none : ageFigure(overlayAge.ageMs));
      write('age-unit', overlayAge === null ? '' : ageUnit(overlayAge.ageMs));
      write('age-since', overlayAge === null ? WORDS.noOverlayYet : sinceWords(overlayAge));
      write('fps', shown === null ? WORDS.none : figures.framesPerSecond.toFixed(1));
      write('size', shown === null ? WORDS.noImageYet : sizeWords(shown.frame, input.zoom));
      write('latency', figures.latency === null ? WORDS.none : figures.latency.medianMs.toFixed(0));
      write('latency-detail', latencyWords(figures.latency));
      const { ok = null, ...rest } = input.verdicts ?? {};
      write('verdicts', ok === null ? WORDS.none : WORDS.verdictsOk(ok));
      write('verdicts-detail', ok === null ? '' : WORDS.verdictsRest(verdictWords(rest)));
      write('count-shown', String(figures.counts.shown));
      write('count-overlaid', String(figures.counts.withOverlay));
      write('count-skipped', String(figures.counts.skipped));
      write('count-late', String(figures.counts.unmatchedOverlays));
      write('count-refused', String(input.refusedCount));
    },
  };
}

const TEXT_IDS = [
  'age',
  'age-unit',
  'age-since',
  'fps',
  'size',
  'latency',
  'latency-detail',
  'verdicts',
  'verdicts-detail',
  'count-shown',
  'count-overlaid',
  'count-skipped',
  'count-late',
  'count-refused',
] as const;

function overlayWord(isDrawn: boolean, opacity: number, input: StripInput): string {
  if (isDrawn) return opacity < 1 ? 'fading' : 'current';
  return input.isOverlayHidden || opacity === 0 ? 'hidden' : 'none';
}

/** Verdicts but `ok` that were given at all. */
function verdictWords(rest: Readonly<Record<string, number>>): string {
  const given = Object.entries(rest).filter(([, count]) => count > 0);
  return given.map(([verdict, count]) => `${count} ${verdict}`).join(', ');
}

/** Below two seconds in ms, then in seconds, then in minutes: the figure stays narrow. */
function ageFigure(ageMs: number): string {
  if (ageMs < 2000) return ageMs.toFixed(0);
  return ageMs < 120_000 ? (ageMs / 1000).toFixed(1) : Math.floor(ageMs / 60_000).toFixed(0);
}

function ageUnit(ageMs: number): string {
  if (ageMs < 2000) return 'ms';
  return ageMs < 120_000 ? 's' : 'min';
}

function sizeWords(frame: { widthPx: number; heightPx: number }, zoom: number): string {
  return WORDS.size(frame.widthPx, frame.heightPx, zoom);
}

function latencyWords(latency: LatencyReading | null): string {
  if (latency === null) return WORDS.notMeasured;
  if (latency.kind === 'receive-to-publish') return WORDS.receiveToPublish;
  return WORDS.captureToDisplay(Math.max(1, Math.ceil(latency.uncertaintyMs)));
}
