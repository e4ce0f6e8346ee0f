import type { StructureClass } from '../../../domain/structure.js';
import type { PictureMaker } from '../../frame-picture.js';
import { createAdvisoryList } from '../advisory-list.js';
import { elementById, setData, setText } from '../element.js';
import { createFindingsPanel } from '../findings-panel.js';
import { pictureNotice } from '../notice.js';
import { showNotice } from '../show-notice.js';
import type { Decoration, Stage, StagePicture } from '../stage.js';
import { REVIEW_WORDS, WORDS } from '../words.js';
import type { RecordedTruth } from './recorded-line.js';
import { type NamedBlob, openRecording, type Recording } from './recording.js';
import { createReviewPlot, type ReviewPlot } from './review-plot.js';
import { createReviewPosition, type ReviewPosition } from './review-position.js';
import { createTimeline, momentWords, type Timeline } from './timeline.js';
import type { TrueOutline } from './true-outlines.js';
import { drawTruth, truthWords } from './truth-marks.js';

export interface ReviewOptions {
  readonly stage: Stage;
  readonly pictures: PictureMaker;
}

/** What the operator set that matters for what is shown. */
export interface ReviewLook {
  readonly isOverlayHidden: boolean;
  readonly hidden: ReadonlySet<StructureClass>;
}

/** What belongs to the recording that is open. */
interface OpenReview {
  readonly recording: Recording;
  readonly position: ReviewPosition;
  readonly timeline: Timeline;
  readonly plots: readonly ReviewPlot[];
}

/** An image that was read, with what belongs to it. */
interface Loaded {
  readonly position: number;
  readonly picture: Pick<StagePicture, 'frame' | 'overlay'>;
  /** True outlines of its structures; empty without ground truth, null where it is unreadable. */
  readonly outlines: readonly TrueOutline[] | null;
}

/** The review of a recording in place of the live picture, on the elements of `index.html`. */
export class Review {
  readonly #options: ReviewOptions;
  readonly #panel = createFindingsPanel();
  readonly #advisories = createAdvisoryList(
    () => undefined,
    () => undefined,
  );
  #opened: OpenReview | null = null;
  #loaded: Loaded | null = null;
  /** The image that could not be read and is not tried again while it is the wanted one. */
  #unreadable: number | null = null;
  #isLoading = false;
  #isTruthShown = true;

  constructor(options: ReviewOptions) {
    this.#options = options;
    connectButtons(this);
  }

  isOpen(): boolean {
    return this.#opened !== null;
  }

  /** Opens the files of a recording folder; says so where they are none. */
  async open(files: readonly NamedBlob[]): Promise<void> {
    const progress = elementById('review-progress', HTMLElement);
    const recording = await openRecording(files, (share) =>
      setText(progress, REVIEW_WORDS.reading(Math.round(100 * share))),
    );
    setText(progress, recording === null ? REVIEW_WORDS.empty : '');
    if (recording !== null) this.#begin(recording);
  }

  /** Draws: on every animation frame while it is open. */
  update({ isOverlayHidden, hidden }: ReviewLook): void {
    if (this.#opened === null) return;
    this.#opened.position.advance(performance.now());
    void this.#load(this.#opened);
    this.#showPosition(this.#opened);
    if (this.#loaded === null) return;
    const { picture } = this.#loaded;
    const truth = this.#opened.recording.truth.get(this.#loaded.position);
    const isCompared = this.#isTruthShown && truth !== undefined;
    const decoration = isCompared ? truthDecoration(truth, this.#loaded, hidden) : null;
    const opacity = isOverlayHidden ? 0 : 1;
    const notice = opacity > 0 ? pictureNotice(false, hidden) : null;
    this.#options.stage.draw({ ...picture, opacity, isLost: false, notice }, hidden, decoration);
    const { overlay } = picture;
    this.#panel.showNeedle(overlay, 'FROZEN', this.#options.stage.readOutsOf(overlay));
    setData('frameId', String(picture.frame.frameId));
  }

  togglePlay(): void {
    this.#opened?.position.togglePlay(performance.now());
  }

  /** Goes images on (or back, < 0). */
  step(images: number): void {
    this.#opened?.position.goTo(this.#opened.position.index() + images);
  }

  goTo(index: number): void {
    this.#opened?.position.goTo(index);
  }

  /** Goes to the next key moment (1) or the previous one (−1). */
  jump(direction: 1 | -1): void {
    this.#opened?.position.jump(direction);
  }

  toggleTruth(): void {
    this.#isTruthShown = !this.#isTruthShown;
    const button = elementById('review-truth', HTMLButtonElement);
    button.setAttribute('aria-pressed', String(this.#isTruthShown));
  }

  /** Back to the live picture. May be called again. */
  close(): void {
    for (const plot of this.#opened?.plots ?? []) plot.close();
    this.#loaded?.picture.frame.picture.release();
    this.#opened = null;
    this.#loaded = null;
    this.#unreadable = null;
    elementById('review', HTMLElement).hidden = true;
    setData('mode', 'live');
  }

  #begin(recording: Recording): void {
    this.close();
    this.#isTruthShown = true;
    showReviewFrame(recording);
    const seek = (timeS: number) => this.#opened?.position.goToTime(timeS);
    const plot = (id: string, title: string, data: Recording['depth'], colour: string) =>
      createReviewPlot(elementById(id, HTMLElement), title, data, colour, seek);
    this.#opened = {
      recording,
      position: createReviewPosition(recording),
      timeline: createTimeline(recording.moments, recording.timesS.at(-1) ?? 0, seek),
      plots: [
        plot('plot-depth', REVIEW_WORDS.depth, recording.depth, '#eef2f5'),
        plot('plot-clearance', REVIEW_WORDS.clearance, recording.clearance, '#f0e442'),
      ],
    };
  }

  /** Reads the image of the position, unless it is there or another one is being read. */
  async #load({ recording, position }: OpenReview): Promise<void> {
    const wanted = position.index();
    if (this.#isLoading || this.#unreadable === wanted) return;
    if (this.#loaded?.position === wanted) {
      if (this.#unreadable !== null) showNotice(null, null);
      this.#unreadable = null;
      return;
    }
    this.#isLoading = true;
    this.#unreadable = null;
    try {
      const [frame, overlay, outlines] = await Promise.all([
        recording.readFrame(wanted),
        recording.readOverlay(wanted),
        recording.readOutlines(wanted),
      ]);
      const picture = await this.#options.pictures.make(frame);
      const { payload: _payload, ...meta } = frame;
      const shown = { frame: { ...meta, picture }, overlay };
      this.#take({ position: wanted, picture: shown, outlines });
      showNotice(null, null);
    } catch {
      this.#unreadable = wanted;
      showNotice(null, REVIEW_WORDS.noImage);
    } finally {
      this.#isLoading = false;
    }
  }

  /** Takes an image that was read, unless the review was closed meanwhile. */
  #take(loaded: Loaded): void {
    if (this.#opened === null) {
      loaded.picture.frame.picture.release();
      return;
    }
    this.#loaded?.picture.frame.picture.release();
    this.#loaded = loaded;
    const { overlay } = loaded.picture;
    setData('needleState', overlay?.needle.state ?? 'unknown');
    this.#panel.showLists(overlay);
    this.#advisories.show(overlay?.guidance.advisories ?? [], false);
  }

  #showPosition({ recording, position, timeline, plots }: OpenReview): void {
    const timeS = position.timeS();
    const { length } = recording.frames;
    const words = REVIEW_WORDS.position(position.index() + 1, length, timeS.toFixed(2));
    setText(elementById('review-position', HTMLElement), words);
    const at = recording.moments.filter(({ fromS, untilS }) => fromS <= timeS && timeS <= untilS);
    const said = [this.#truthSaid(recording), ...at.map(momentWords)];
    setText(elementById('review-at', HTMLElement), said.filter((one) => one !== '').join(' · '));
    const play = position.isPlaying() ? REVIEW_WORDS.pause : REVIEW_WORDS.play;
    setText(elementById('review-play', HTMLButtonElement), play);
    const scrub = elementById('review-scrub', HTMLInputElement);
    scrub.max = String(length - 1);
    scrub.valueAsNumber = position.index();
    timeline.at(timeS);
    for (const plot of plots) plot.at(timeS);
  }

  #truthSaid({ truth }: Recording): string {
    if (truth.size === 0 || this.#loaded === null) return '';
    const { position, picture, outlines } = this.#loaded;
    const { overlay, frame } = picture;
    return truthWords(truth.get(position) ?? null, outlines, overlay, frame.spacing);
  }
}

/** Turns the page from a live stream to a recording. */
function showReviewFrame(recording: Recording): void {
  setData('mode', 'review');
  setData('state', 'REVIEW');
  setData('simulated', String(recording.isSimulated));
  setData('stream', recording.name);
  elementById('review', HTMLElement).hidden = false;
  elementById('simulated', HTMLElement).hidden = !recording.isSimulated;
  elementById('review-truth', HTMLButtonElement).hidden = recording.truth.size === 0;
  for (const id of LIVE_FIGURES) setText(elementById(id, HTMLElement), WORDS.none);
  setText(elementById('state', HTMLElement), REVIEW_WORDS.badge);
  setText(elementById('stream', HTMLElement), recording.name);
  showNotice(null, null);
}

/** What is said of a live stream only. */
const LIVE_FIGURES = [
  'age',
  'age-unit',
  'age-since',
  'fps',
  'latency',
  'latency-detail',
  'verdicts',
  'verdicts-detail',
  'size',
  'case-side',
  'case-technique',
  'case-protocol',
  'case-operator',
  'model',
];

function truthDecoration(
  truth: RecordedTruth,
  { position, outlines }: Loaded,
  hidden: ReviewLook['hidden'],
): Decoration {
  return {
    key: `truth ${position}`,
    paint: (context, viewport) => drawTruth(context, truth, outlines ?? [], hidden, viewport),
  };
}

function connectButtons(review: Review): void {
  const clicks: readonly (readonly [id: string, run: () => void])[] = [
    ['review-play', () => review.togglePlay()],
    ['review-back', () => review.step(-1)],
    ['review-forward', () => review.step(1)],
    ['review-event-back', () => review.jump(-1)],
    ['review-event-forward', () => review.jump(1)],
    ['review-truth', () => review.toggleTruth()],
    ['review-close', () => review.close()],
  ];
  for (const [id, run] of clicks) elementById(id, HTMLButtonElement).addEventListener('click', run);
  const scrub = elementById('review-scrub', HTMLInputElement);
  scrub.addEventListener('input', () => review.goTo(scrub.valueAsNumber));
}
