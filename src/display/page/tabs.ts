import { elementById } from './element.js';

export const TAB_NAMES = ['findings', 'plan', 'steps', 'view'] as const;
export type TabName = (typeof TAB_NAMES)[number];

/** The sheets of the panel: one is in sight, the advisories above all of them always. */
export interface Tabs {
  select(name: TabName): void;
  selected(): TabName;
}

/** Makes the tabs; arrows move between them, as ARIA's pattern for tabs says. */
export function createTabs(first: TabName): Tabs {
  const buttons = TAB_NAMES.map((name) => elementById(`tab-${name}`, HTMLButtonElement));
  const sheets = TAB_NAMES.map((name) => elementById(name, HTMLElement));
  let selected = first;

  function select(name: TabName): void {
    selected = name;
    for (const [index, tab] of TAB_NAMES.entries()) {
      const isSelected = tab === name;
      const sheet = sheets[index];
      if (sheet !== undefined) sheet.hidden = !isSelected;
      buttons[index]?.setAttribute('aria-selected', String(isSelected));
      buttons[index]?.setAttribute('tabindex', isSelected ? '0' : '-1');
    }
  }

  for (const [index, button] of buttons.entries()) {
    button.addEventListener('click', () => select(TAB_NAMES[index] ?? first));
    button.addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0) return;
      event.stopPropagation();
      const next = (index + step + TAB_NAMES.length) % TAB_NAMES.length;
      select(TAB_NAMES[next] ?? first);
      buttons[next]?.focus();
    });
  }
  select(first);
  return { select, selected: () => selected };
}
