import type { Camera } from './camera.js';
import type { Commander } from './commander.js';
import type { Review } from './review/review.js';
import type { Settings } from './settings.js';
import type { Shortcut } from './shortcuts.js';
import type { Stage } from './stage.js';
import { TAB_NAMES, type Tabs } from './tabs.js';
import type { TargetAim } from './target-aim.js';
import { SHORTCUT_WORDS } from './words.js';

/** A step of panning, as a share of the image's shorter side. */
const PAN_SHARE = 1 / 12;

/** What the shortcuts drive. */
export interface ShortcutActions {
  readonly stage: Stage;
  readonly camera: Camera;
  readonly tabs: Tabs;
  readonly commander: Commander;
  readonly aim: TargetAim;
  readonly review: Review;
  toggleOverlay(): void;
  toggleFullScreen(): void;
  toggleHelp(): void;
  toggleControl(): void;
  toggleInjection(): void;
  toggleSound(): void;
  toggleTheme(): void;
  askMirror(): void;
  openReview(): void;
  snapshot(): void;
  snapshotBeside(): void;
}

/** The two foot switches; their keys can be changed. */
export function pedalShortcuts(
  settings: Settings,
  actions: Pick<ShortcutActions, 'toggleOverlay' | 'toggleInjection'>,
): readonly Shortcut[] {
  const { injectionPedal, hidePedal } = settings;
  return [
    { keys: [injectionPedal], words: SHORTCUT_WORDS.injectionPedal, run: actions.toggleInjection },
    { keys: [hidePedal], words: SHORTCUT_WORDS.hidePedal, run: actions.toggleOverlay },
  ];
}

/** All keys of the page, in the order of the help sheet. */
export function pageShortcuts(actions: ShortcutActions): readonly Shortcut[] {
  return [...lookShortcuts(actions), ...actShortcuts(actions), ...reviewShortcuts(actions.review)];
}

function lookShortcuts(actions: ShortcutActions): readonly Shortcut[] {
  const { camera, stage, tabs } = actions;
  return [
    { keys: ['h'], words: SHORTCUT_WORDS.hide, run: actions.toggleOverlay },
    {
      keys: ['s', 'Shift+s'],
      words: SHORTCUT_WORDS.snapshot,
      run: (key) => (key === 'S' ? actions.snapshotBeside() : actions.snapshot()),
    },
    { keys: ['+', '=', '-', '0'], words: SHORTCUT_WORDS.zoom, run: (key) => zoom(key) },
    {
      keys: ['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown'],
      words: SHORTCUT_WORDS.pan,
      run: (key) => pan(key),
    },
    {
      keys: ['[', ']'],
      words: SHORTCUT_WORDS.brightness,
      run: (key) => camera.brightenBy(key === ']' ? 1 : -1),
    },
    {
      keys: ['1', '2', '3', '4'],
      words: SHORTCUT_WORDS.tabs,
      run: (key) => tabs.select(TAB_NAMES[Number(key) - 1] ?? 'findings'),
    },
    { keys: ['f'], words: SHORTCUT_WORDS.full, run: actions.toggleFullScreen },
    { keys: ['d'], words: SHORTCUT_WORDS.theme, run: actions.toggleTheme },
    { keys: ['m'], words: SHORTCUT_WORDS.mirror, run: actions.askMirror },
    { keys: ['u'], words: SHORTCUT_WORDS.sound, run: actions.toggleSound },
    { keys: ['?'], words: SHORTCUT_WORDS.help, run: actions.toggleHelp },
  ];

  function zoom(key: string): void {
    if (key === '0') camera.reset();
    else camera.zoomBy(key === '-' ? -1 : 1, stage.middle());
  }

  function pan(key: string): void {
    const middle = stage.middle();
    const stepPx = 2 * Math.min(middle.xPx, middle.yPx) * PAN_SHARE;
    const sign = stage.painting()?.viewport.isMirrored === true ? -1 : 1;
    const dx = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
    const dy = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0;
    camera.panBy(sign * dx * stepPx, dy * stepPx, middle);
  }
}

function actShortcuts(actions: ShortcutActions): readonly Shortcut[] {
  const { commander, aim } = actions;
  return [
    { keys: ['o'], words: SHORTCUT_WORDS.control, run: actions.toggleControl },
    { keys: ['t'], words: SHORTCUT_WORDS.target, run: () => aim.toggle() },
    { keys: ['c'], words: SHORTCUT_WORDS.confirm, run: () => commander.confirmTarget() },
    { keys: ['x'], words: SHORTCUT_WORDS.clear, run: () => commander.clearTarget() },
    { keys: ['i'], words: SHORTCUT_WORDS.injection, run: actions.toggleInjection },
    { keys: ['r'], words: SHORTCUT_WORDS.review, run: actions.openReview },
  ];
}

function reviewShortcuts(review: Review): readonly Shortcut[] {
  return [
    { keys: [' '], words: SHORTCUT_WORDS.play, run: () => review.togglePlay() },
    {
      keys: ['ArrowLeft', 'ArrowRight'],
      words: SHORTCUT_WORDS.step,
      run: (key) => review.step(key === 'ArrowRight' ? 1 : -1),
    },
    {
      keys: ['p', 'n'],
      words: SHORTCUT_WORDS.event,
      run: (key) => review.jump(key === 'n' ? 1 : -1),
    },
  ];
}
