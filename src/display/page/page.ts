import type { ProcedureState } from '../../protocol/procedure-messages.js';
import { createPictureMaker } from '../frame-picture.js';
import { createAdvisoryList } from './advisory-list.js';
import { createAdvisorySound } from './advisory-sound.js';
import { createCamera } from './camera.js';
import { createCommander } from './commander.js';
import { elementById, fillWords, setText } from './element.js';
import { connectGestures } from './gestures.js';
import { createHelpSheet } from './help-sheet.js';
import { connectKeyboard } from './keyboard.js';
import { LiveLink } from './live-link.js';
import { createLiveView, runningProcedure } from './live-view.js';
import { pageShortcuts, pedalShortcuts } from './page-shortcuts.js';
import { createPedalLearner } from './pedals.js';
import { createPictureEncoder } from './picture-encoder.js';
import { createPlanSheet } from './plan-sheet.js';
import { Review } from './review/review.js';
import { createServiceAccess } from './service-access.js';
import { readSettings, type Settings, writeSettings } from './settings.js';
import type { Shortcut } from './shortcuts.js';
import { saveFile, takeSnapshot } from './snapshot.js';
import { createStage } from './stage.js';
import { createStepsSheet } from './steps-sheet.js';
import { watchStreams } from './stream-list.js';
import { createSummaryCard } from './summary-card.js';
import { createTabs } from './tabs.js';
import { createTargetAim } from './target-aim.js';
import { createViewSheet } from './view-sheet.js';
import { ELEMENT_WORDS, WORDS } from './words.js';

const nowUs = (): number => performance.now() * 1000;

fillWords(document);
document.title = ELEMENT_WORDS.title ?? '';

const query = new URLSearchParams(location.search);
/** Whoever sits at the keyboard sets everything; the operator only looks. */
const isAssistant = query.has('assistant');
const token = takeToken();
const canvas = elementById('canvas', HTMLCanvasElement);
const camera = createCamera();
const stage = createStage(canvas, camera);
const pictures = createPictureMaker();
const encodePicture = createPictureEncoder();
const access = createServiceAccess(token);
const sound = createAdvisorySound();
const tabs = createTabs(isAssistant ? 'plan' : 'findings');
const link = new LiveLink({
  role: isAssistant || query.has('operator') ? 'operator' : 'observer',
  token,
  pictures,
  nowUs,
  onProcedure: () => steps.tell(null),
  onCommandRefused: (refusal) => steps.tell(WORDS.refusedCommand(refusal.message)),
});
const list = watchStreams(access, (streams) => {
  const [first] = streams;
  if (link.status().stream === null && first !== undefined) link.open(first.stream);
});
const commander = createCommander({
  scene: () => ({ procedure: procedureNow(), current: live.current() }),
  send: (command) => link.send(command),
  tell: (problem) => steps.tell(problem),
});
const aim = createTargetAim(stage, (point) => commander.setTarget(point));
const steps = createStepsSheet(commander, () => aim.toggle());
const plan = createPlanSheet(commander, (stream) => link.open(stream));
const summary = createSummaryCard(access);
const advisories = createAdvisoryList(
  (advisory) => sound.onset(advisory),
  (kind) => commander.acknowledge(kind),
);
const live = createLiveView({ stage, camera, link, list, advisories, nowUs });
const review = new Review({ stage, pictures });

let settings: Settings = readSettings(localStorageOrNull());
let isOverlayHidden = false;

const pedals = createPedalLearner(() => settings, changeSettings);
const actions = {
  toggleOverlay() {
    isOverlayHidden = !isOverlayHidden;
    elementById('hide', HTMLButtonElement).setAttribute('aria-pressed', String(isOverlayHidden));
  },
  toggleFullScreen() {
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    // Where the host forbids full screen, the page stays as it is: nothing to tell the operator.
    change.catch(() => undefined);
  },
  toggleControl: () => link.setRole(link.status().isOperator ? 'observer' : 'operator'),
  toggleInjection: () => commander.toggleInjection(steps.volumeMl()),
  askMirror: () => elementById('mirror-sheet', HTMLDialogElement).showModal(),
  openReview: () => elementById('review-files', HTMLInputElement).click(),
  toggleTheme: () =>
    changeSettings({ ...settings, theme: settings.theme === 'dark' ? 'contrast' : 'dark' }),
  toggleSound: () => sound.toggle(),
  testSound: () => sound.test(),
  zoomReset: () => camera.reset(),
  learnPedal: pedals.start,
  snapshot: () => void snapshot(false),
  snapshotBeside: () => void snapshot(true),
  toggleHelp: createHelpSheet(() => [...pedalKeys(), ...shortcuts]),
};
const viewSheet = createViewSheet(camera, actions);
const shortcuts = pageShortcuts({ ...actions, stage, camera, tabs, commander, aim, review });

/** Takes the token out of the address, so that it is neither bookmarked nor shown. */
function takeToken(): string | null {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (found !== null) history.replaceState(null, '', location.pathname + location.search);
  return found;
}

/** Browsers may forbid it; then settings last as long as the page. */
function localStorageOrNull(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function procedureNow(): ProcedureState | null {
  return runningProcedure(link.status().procedure?.state ?? null);
}

function pedalKeys(): readonly Shortcut[] {
  return pedalShortcuts(settings, actions);
}

function changeSettings(next: Settings): void {
  settings = next;
  writeSettings(localStorageOrNull(), next);
}

async function snapshot(isBeside: boolean): Promise<void> {
  const painting = stage.painting();
  if (painting === null) return;
  const time = new Date().toISOString();
  const state = document.body.dataset.state ?? '';
  const stream = document.body.dataset.stream ?? '';
  const simulated = document.body.dataset.simulated === 'true' ? ` · ${WORDS.simulatedStamp}` : '';
  const stamp = WORDS.snapshotStamp(state + simulated, stream, time);
  const picture = await encodePicture(takeSnapshot(painting, { stamp, isBeside }));
  saveFile(picture, `echoline-${time.replace(/[:.]/g, '-')}.png`);
}

/** The sheets of the panel: a few times a second. */
function showSheets(): void {
  const { stream, isOperator, controlRefusal, procedure } = link.status();
  const running = procedureNow();
  const streams = list.streams().map((one) => one.stream);
  const protocols = list.protocols();
  const current = live.current();
  plan({ streams, stream, protocols, procedure: running, current, isOperator, controlRefusal });
  steps.show({ procedure: running, isOperator, isAiming: aim.isOn() });
  summary(procedure?.state ?? null, stream);
  viewSheet.show(settings, sound.isOn());
  const control = elementById('take-control', HTMLButtonElement);
  control.setAttribute('aria-pressed', String(isOperator));
}

function update(): void {
  const hidden = viewSheet.hidden();
  if (review.isOpen()) {
    review.update({ isOverlayHidden, hidden });
    viewSheet.show(settings, sound.isOn());
  } else if (live.update({ isOverlayHidden, hidden, decoration: aim.decoration() })) {
    showSheets();
  }
}

function animate(): void {
  update();
  requestAnimationFrame(animate);
}

function onClick(id: string, run: () => void): void {
  elementById(id, HTMLButtonElement).addEventListener('click', run);
}

onClick('hide', actions.toggleOverlay);
onClick('full', actions.toggleFullScreen);
onClick('help', actions.toggleHelp);
onClick('snapshot', actions.snapshot);
onClick('zoom-in', () => camera.zoomBy(1, stage.middle()));
onClick('zoom-out', () => camera.zoomBy(-1, stage.middle()));
onClick('open-review', actions.openReview);
onClick('take-control', actions.toggleControl);
elementById('mirror-sheet', HTMLDialogElement).addEventListener('close', (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.returnValue === 'mirror') {
    camera.toggleMirror();
  }
});
elementById('review-files', HTMLInputElement).addEventListener('change', (event) => {
  const { files } = event.target as HTMLInputElement;
  if (files !== null && files.length > 0) void review.open([...files]);
});
connectGestures(canvas, stage, camera, (point) => aim.tap(point));
connectKeyboard({
  pedals: pedalKeys,
  shortcuts: () => shortcuts,
  take: (key) => pedals.key(key) || aim.key(key),
});
viewSheet.show(settings, sound.isOn());
setText(elementById('size', HTMLElement), WORDS.noImageYet);
const asked = query.get('stream');
if (asked !== null && asked !== '') link.open(asked);
requestAnimationFrame(animate);
// Animation frames stop in a hidden tab; the state must be right when it is looked at again.
setInterval(update, 500);
document.addEventListener('visibilitychange', update);
