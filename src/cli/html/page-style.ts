/** The page's own style: for paper and narrow screens too, without anything from outside. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1320px; padding: 16px;
  color: #161616; background: #fff; }
h1 { font-size: 1.6rem; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 36px 0 8px; padding-top: 12px; border-top: 3px solid #0b62a8; }
h2.real { border-top-color: #7a3b00; }
h3 { font-size: 1.05rem; margin: 24px 0 6px; }
.notice { background: #fff3cd; border: 1px solid #b58900; padding: 8px 12px; font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 12px 0; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: #444; padding: 2px 0 4px; }
th, td { border: 1px solid #d5d5d5; padding: 3px 8px; text-align: right; white-space: nowrap; }
thead th { background: #f1f4f7; white-space: normal; vertical-align: bottom; }
table { font-size: 0.86rem; } tbody th { text-align: left; font-weight: 400; white-space: normal;
  min-width: 150px; max-width: 330px; }
thead th:first-child { text-align: left; }
td small { color: #555; }
.met { background: #dff3e3; } .partly { background: #fdf3d0; } .missed { background: #fbdcd8; }
.none { color: #666; }
.charts { display: flex; flex-wrap: wrap; gap: 16px; }
.charts svg { width: 380px; max-width: 100%; height: auto; }
svg text { font: 11px system-ui, sans-serif; fill: #333; }
svg .grid { stroke: #e2e2e2; }
figure { margin: 8px 0; } figure.wide svg { width: 100%; max-width: 820px; height: auto; }
figcaption { font-size: 0.85rem; color: #333; }
.frames { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 14px; }
figure.frame svg { width: 100%; height: auto; background: #000; }
footer { margin-top: 40px; color: #555; font-size: 0.85rem; }
`;
