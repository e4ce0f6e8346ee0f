import { elementById, setText } from './element.js';
import type { Notice } from './notice.js';

/** Shows the sheet in the middle of the picture and the line below it; null takes them away. */
export function showNotice(notice: Notice | null, ribbon: string | null): void {
  elementById('notice', HTMLElement).hidden = notice === null;
  setText(elementById('notice-title', HTMLElement), notice?.title ?? '');
  setText(elementById('notice-text', HTMLElement), notice?.text ?? '');
  const command = elementById('notice-command', HTMLElement);
  command.hidden = notice?.command == null;
  setText(command, notice?.command ?? '');
  const ribbonElement = elementById('ribbon', HTMLElement);
  ribbonElement.hidden = ribbon === null;
  setText(ribbonElement, ribbon ?? '');
}
