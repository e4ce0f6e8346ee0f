import { STRUCTURE_CLASSES, type StructureClass } from '../../domain/structure.js';
import { STRUCTURE_STYLES } from '../structure-styles.js';
import type { Camera } from './camera.js';
import { elementById, makeElement, setData, setText } from './element.js';
import type { Settings } from './settings.js';
import { keyLabel } from './shortcuts.js';
import { swatch } from './swatch.js';
import { WORDS } from './words.js';

/** What the operator chose on the sheet. */
export interface ViewSheet {
  /** Classes of structures that are not drawn; the same set while nothing changes. */
  hidden(): ReadonlySet<StructureClass>;
  show(settings: Settings, isSoundOn: boolean): void;
}

/** What the sheet's buttons do. */
export interface ViewActions {
  toggleTheme(): void;
  askMirror(): void;
  zoomReset(): void;
  toggleSound(): void;
  testSound(): void;
  snapshotBeside(): void;
  learnPedal(pedal: 'injectionPedal' | 'hidePedal'): void;
}

/** Makes the sheet for how the picture is shown. */
export function createViewSheet(camera: Camera, actions: ViewActions): ViewSheet {
  let hidden: ReadonlySet<StructureClass> = new Set();
  const buttons = STRUCTURE_CLASSES.map((one) => classButton(one, () => toggle(one)));
  elementById('draw-classes', HTMLElement).replaceChildren(...buttons);

  function toggle(structureClass: StructureClass): void {
    const next = new Set(hidden);
    if (!next.delete(structureClass)) next.add(structureClass);
    hidden = next;
    for (const [index, one] of STRUCTURE_CLASSES.entries()) {
      buttons[index]?.setAttribute('aria-pressed', String(!next.has(one)));
    }
  }

  const clicks: Readonly<Record<string, () => void>> = {
    darker: () => camera.brightenBy(-1),
    brighter: () => camera.brightenBy(1),
    theme: actions.toggleTheme,
    mirror: actions.askMirror,
    'zoom-reset': actions.zoomReset,
    sound: actions.toggleSound,
    'sound-test': actions.testSound,
    'snapshot-beside': actions.snapshotBeside,
    'pedal-injection': () => actions.learnPedal('injectionPedal'),
    'pedal-hide': () => actions.learnPedal('hidePedal'),
  };
  for (const [id, run] of Object.entries(clicks)) {
    elementById(id, HTMLButtonElement).addEventListener('click', run);
  }

  return {
    hidden: () => hidden,
    show(settings, isSoundOn) {
      setData('theme', settings.theme);
      press('theme', settings.theme === 'contrast');
      press('sound', isSoundOn);
      press('mirror', camera.isMirrored());
      const percent = `${Math.round(camera.brightness() * 100)} %`;
      setText(elementById('brightness', HTMLOutputElement), percent);
      namePedal('pedal-injection', WORDS.pedalInjection, settings.injectionPedal);
      namePedal('pedal-hide', WORDS.pedalHide, settings.hidePedal);
    },
  };
}

function press(id: string, isPressed: boolean): void {
  elementById(id, HTMLButtonElement).setAttribute('aria-pressed', String(isPressed));
}

/** A pedal with its key, unless it waits for one. */
function namePedal(id: string, what: string, key: string): void {
  const button = elementById(id, HTMLButtonElement);
  const isLearning = button.dataset.learning === 'yes';
  setText(button, isLearning ? WORDS.pressKey : WORDS.pedal(what, keyLabel(key)));
}

function classButton(structureClass: StructureClass, toggle: () => void): HTMLButtonElement {
  const { letter, name } = STRUCTURE_STYLES[structureClass];
  const button = makeElement('button', '');
  button.type = 'button';
  button.dataset.class = structureClass;
  button.title = name;
  button.setAttribute('aria-label', `${letter} ${name}`);
  button.setAttribute('aria-pressed', 'true');
  button.append(swatch(structureClass), makeElement('b', '', letter));
  button.addEventListener('click', toggle);
  return button;
}
