import type { ProcedureState } from '../../protocol/procedure-messages.js';
import { elementById, setData, setText } from './element.js';
import { SIDE_WORDS, WORDS } from './words.js';

/** What is being done, on whom, by whom. */
export interface CaseInput {
  /** null while there is none under way. */
  readonly procedure: ProcedureState | null;
  readonly stream: string | null;
  /** Name of the display that may give commands; null while nobody may. */
  readonly operatorName: string | null;
  readonly modelId: string | null;
}

/** Makes the line below the strip; the result shows what it is given. */
export function createCaseLine(): (input: CaseInput) => void {
  const side = elementById('case-side', HTMLElement);
  const technique = elementById('case-technique', HTMLElement);
  const protocol = elementById('case-protocol', HTMLElement);
  const operator = elementById('case-operator', HTMLElement);
  const stream = elementById('stream', HTMLElement);
  const model = elementById('model', HTMLElement);

  return (input) => {
    const { procedure } = input;
    setText(side, sideWords(procedure));
    setData('side', procedure !== null && procedure.side === null ? 'missing' : '');
    setText(technique, procedure?.technique ?? WORDS.none);
    setText(protocol, procedure?.protocol.title ?? WORDS.noProtocol);
    setText(operator, input.operatorName ?? WORDS.nobody);
    setText(stream, input.stream ?? WORDS.none);
    setText(model, input.modelId ?? WORDS.none);
  };
}

function sideWords(procedure: ProcedureState | null): string {
  if (procedure === null) return WORDS.none;
  return procedure.side === null ? WORDS.sideMissing : SIDE_WORDS[procedure.side];
}
