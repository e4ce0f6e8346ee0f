import { INJECTION_STEPS } from '../../domain/procedure.js';
import type { ProcedureState } from '../../protocol/procedure-messages.js';
import { type Commander, runningInjection } from './commander.js';
import { elementById, setText } from './element.js';
import { STEP_WORDS, WORDS } from './words.js';

/** What the steps depend on. */
export interface StepsInput {
  /** Under way; null before and after. */
  readonly procedure: ProcedureState | null;
  readonly isOperator: boolean;
  readonly isAiming: boolean;
}

/** The sheet for during: target, injection, end. */
export interface StepsSheet {
  show(input: StepsInput): void;
  /** The volume in the field, ml. */
  volumeMl(): number;
  /** What was wrong with a command; null takes it away. */
  tell(problem: string | null): void;
}

/** Makes the sheet; `onAim` starts or ends setting the target in the image. */
export function createStepsSheet(commander: Commander, onAim: () => void): StepsSheet {
  const volume = elementById('injection-volume', HTMLInputElement);
  const stop = elementById('injection-stop', HTMLButtonElement);
  const set = elementById('target-set', HTMLButtonElement);
  const confirm = elementById('target-confirm', HTMLButtonElement);
  const clear = elementById('target-clear', HTMLButtonElement);
  const end = elementById('end-procedure', HTMLButtonElement);
  const starts = INJECTION_STEPS.map((step) => elementById(`step-${step}`, HTMLButtonElement));
  const volumeMl = () =>
    Math.max(0, Number.isFinite(volume.valueAsNumber) ? volume.valueAsNumber : 0);

  set.addEventListener('click', onAim);
  confirm.addEventListener('click', () => commander.confirmTarget());
  clear.addEventListener('click', () => commander.clearTarget());
  stop.addEventListener('click', () => commander.stopInjection(volumeMl()));
  end.addEventListener('click', () => commander.end());
  for (const [index, button] of starts.entries()) {
    const step = INJECTION_STEPS[index];
    button.addEventListener('click', () => {
      if (step !== undefined) commander.startInjection(step, volumeMl());
    });
  }

  return {
    show({ procedure, isOperator, isAiming }) {
      const mayAct = procedure !== null && isOperator;
      const isRunning = runningInjection(procedure) !== null;
      set.disabled = !mayAct;
      set.setAttribute('aria-pressed', String(isAiming));
      confirm.disabled = !mayAct || procedure.target === null;
      clear.disabled = !mayAct || procedure.target === null;
      for (const button of starts) button.disabled = !mayAct || isRunning;
      stop.disabled = !mayAct || !isRunning;
      end.disabled = !mayAct;
      setText(elementById('target-words', HTMLElement), targetWords(procedure, isAiming));
      setText(elementById('injection-words', HTMLElement), injectionWords(procedure));
    },
    volumeMl,
    tell: (problem) => setText(elementById('command-words', HTMLElement), problem ?? ''),
  };
}

function targetWords(procedure: ProcedureState | null, isAiming: boolean): string {
  if (isAiming) return WORDS.aim;
  if (procedure === null) return WORDS.noTarget;
  const { name, toleranceMm } = procedure.protocol.target;
  const expected = WORDS.targetExpected(name, toleranceMm);
  return procedure.target === null ? `${WORDS.noTarget} ${expected}` : expected;
}

/** What runs, or what has been given so far. */
function injectionWords(procedure: ProcedureState | null): string {
  if (procedure === null || procedure.injections.length === 0) return '';
  const running = runningInjection(procedure);
  if (running !== null) {
    const planned = running.plannedMl === null ? '' : ` ${running.plannedMl} ml`;
    return WORDS.injectionRuns(STEP_WORDS[running.step], planned);
  }
  const isGiven = ({ step }: { step: string }) => step !== 'aspirate';
  const given = procedure.injections.filter(isGiven);
  const totalMl = given.reduce((sum, { givenMl }) => sum + (givenMl ?? 0), 0);
  return WORDS.injectionsDone(procedure.injections.length, String(Math.round(totalMl * 10) / 10));
}
