import type { StructureClass } from '../../domain/structure.js';
import { STRUCTURE_STYLES } from '../structure-styles.js';

const SVG = 'http://www.w3.org/2000/svg';

/** A piece of the outline as it is drawn on the picture. */
export function swatch(structureClass: StructureClass): SVGElement {
  const style = STRUCTURE_STYLES[structureClass];
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 36 12');
  svg.setAttribute('aria-hidden', 'true');
  const stroke = (colour: string, dash: readonly number[]): void => {
    const line = document.createElementNS(SVG, 'line');
    line.setAttribute('x1', '0');
    line.setAttribute('x2', '36');
    line.setAttribute('y1', '6');
    line.setAttribute('y2', '6');
    line.setAttribute('stroke', colour);
    line.setAttribute('stroke-width', String(Math.max(2, style.widthCssPx)));
    if (dash.length > 0) line.setAttribute('stroke-dasharray', dash.join(' '));
    svg.append(line);
  };
  if (style.gapColour !== null) stroke(style.gapColour, []);
  stroke(style.colour, style.dash);
  return svg;
}
