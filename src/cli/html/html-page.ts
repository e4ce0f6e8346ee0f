import { escapeHtml } from './escape.js';
import { PAGE_STYLE } from './page-style.js';

/**
 * One HTML page that asks nothing of anyone: its style, diagrams and pictures are inside, no script
 * runs, and its content policy says so.
 *
 * @param body - HTML
 * @param style - CSS beyond the style of all pages
 */
export function htmlPage(title: string, body: string, style = ''): string {
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ' +
    "style-src 'unsafe-inline'; img-src data:\">" +
    '<link rel="icon" href="data:,">' +
    `<title>${escapeHtml(title)}</title>` +
    `<style>${PAGE_STYLE}${style}</style></head>\n<body>\n${body}\n</body></html>\n`
  );
}
