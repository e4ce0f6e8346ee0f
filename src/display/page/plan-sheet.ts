import type { Overlay } from '../../domain/overlay.js';
import { SIDES, type Side } from '../../domain/procedure.js';
import type { ProcedureState } from '../../protocol/procedure-messages.js';
import type { ProcedureProtocol } from '../../protocol/procedure-protocol.js';
import { STRUCTURE_STYLES } from '../structure-styles.js';
import type { Commander } from './commander.js';
import { elementById, makeElement, setText } from './element.js';
import { WORDS } from './words.js';

/** What the plan depends on. */
export interface PlanInput {
  readonly streams: readonly string[];
  readonly stream: string | null;
  readonly protocols: readonly ProcedureProtocol[];
  /** Under way; null before and after. */
  readonly procedure: ProcedureState | null;
  readonly current: Overlay | null;
  readonly isOperator: boolean;
  readonly controlRefusal: string | null;
}

/**
 * The sheet for before: stream, protocol with its positioning card and the classes that must be
 * seen, side. The choice of a protocol is kept here until the procedure starts.
 *
 * @returns what shows an input, a few times a second
 */
export function createPlanSheet(
  commander: Commander,
  openStream: (stream: string) => void,
): (input: PlanInput) => void {
  const streams = elementById('choose-stream', HTMLSelectElement);
  const protocols = elementById('choose-protocol', HTMLSelectElement);
  const start = elementById('start-procedure', HTMLButtonElement);
  const words = elementById('control-words', HTMLElement);
  const card = createPositioningCard();
  const sideButtons = SIDES.map((side) => elementById(`side-${side}`, HTMLButtonElement));
  let side: Side | null = null;
  let running: ProcedureState | null = null;

  streams.addEventListener('change', () => openStream(streams.value));
  start.addEventListener('click', () => commander.start(protocols.value, side));
  for (const [index, button] of sideButtons.entries()) {
    button.addEventListener('click', () => {
      side = SIDES[index] ?? null;
      if (running !== null && side !== null) commander.confirmSide(side);
    });
  }

  return (input) => {
    running = input.procedure;
    fillChoices(
      streams,
      input.streams.map((stream) => [stream, stream]),
    );
    if (input.stream !== null && document.activeElement !== streams) streams.value = input.stream;
    fillChoices(
      protocols,
      input.protocols.map(({ id, title }) => [id, title]),
    );
    if (running !== null) protocols.value = running.protocol.id;
    protocols.disabled = running !== null;
    start.hidden = running !== null;
    start.disabled = !input.isOperator || protocols.value === '';
    const shownSide = running === null ? side : running.side;
    for (const [index, button] of sideButtons.entries()) {
      button.setAttribute('aria-pressed', String(SIDES[index] === shownSide));
      button.disabled = running !== null && !input.isOperator;
    }
    const chosen = input.protocols.find(({ id }) => id === protocols.value) ?? null;
    card(running?.protocol ?? chosen, input.current);
    setText(words, controlWords(input));
  };
}

/** Who may give commands, in words. */
function controlWords({ isOperator, controlRefusal }: PlanInput): string {
  if (isOperator) return WORDS.controlling;
  return controlRefusal === null ? WORDS.observing : WORDS.noControl(controlRefusal);
}

/** The card: how the patient lies, where the probe goes, and what must be seen. */
function createPositioningCard() {
  const section = elementById('positioning-card', HTMLElement);
  const positioning = elementById('positioning', HTMLElement);
  const mustSee = elementById('must-see', HTMLUListElement);
  let shown = '';
  return (protocol: ProcedureProtocol | null, current: Overlay | null): void => {
    section.hidden = protocol === null;
    if (protocol === null) return;
    const seen = new Set(current?.structures.map((structure) => structure.class));
    const needed = protocol.structures.filter((structure) => structure.mustSee);
    const checks = needed.map(({ class: one, name }) => [one, name, seen.has(one)] as const);
    const key = JSON.stringify([protocol.id, checks]);
    if (key === shown) return;
    shown = key;
    const { patient, probe } = protocol.positioning;
    const { from, to } = protocol.expectedDepthMm;
    const depth = WORDS.depthExpected(from, to);
    const approach = protocol.needle.approach;
    const lines = [patient, probe, approach, depth];
    if (!protocol.ultrasoundAlone.isSuitable) lines.push(protocol.ultrasoundAlone.words);
    positioning.replaceChildren(...lines.map((line) => makeElement('p', '', line)));
    mustSee.replaceChildren(
      ...checks.map(([structureClass, name, isSeen]) => {
        const item = makeElement('li', '');
        item.dataset.seen = isSeen ? 'yes' : 'no';
        item.append(
          makeElement('b', '', `${isSeen ? '✓' : '✗'} ${STRUCTURE_STYLES[structureClass].letter}`),
          makeElement('span', '', `${name}: ${isSeen ? WORDS.seen : WORDS.unseen}`),
        );
        return item;
      }),
    );
  };
}

/** Fills a list of choices where it differs; keeps what is chosen. */
function fillChoices(
  select: HTMLSelectElement,
  choices: readonly (readonly [value: string, words: string])[],
): void {
  const key = JSON.stringify(choices);
  if (select.dataset.choices === key) return;
  select.dataset.choices = key;
  const { value } = select;
  select.replaceChildren(
    ...choices.map(([choice, words]) => {
      const option = makeElement('option', '', words);
      option.value = choice;
      return option;
    }),
  );
  if (choices.some(([choice]) => choice === value)) select.value = value;
}
