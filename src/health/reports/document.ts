import { createHash } from 'node:crypto';
import { Html, html } from '../../platform/html.ts';

/** On paper and on a screen; colours hold a contrast of 4.5 to 1 and more on both. */
const css = `
:root{color-scheme:light dark;--line:#c8ccd2;--weak:#555c66;--bar:#b3261e;--quiet:#9aa1ab}
@media (prefers-color-scheme:dark){:root{--line:#4a5058;--weak:#b4bac3;--bar:#ff8a80;--quiet:#6b727c}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;line-height:1.2;margin:0}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:.25rem 0}
.weak{color:var(--weak)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:start;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:end}
svg{width:100%;height:auto;display:block}
.bar{fill:var(--bar)}
.axis{stroke:var(--quiet)}
.label{font-size:11px;fill:currentColor}
.state{font-size:1.3rem;font-weight:600}
@media print{
@page{margin:15mm}
:root{color-scheme:light;--line:#bbb;--weak:#444;--bar:#900;--quiet:#999}
body{font-size:10pt;max-width:none;padding:0;color:#000;background:#fff}
h2{break-after:avoid}
tr,svg{break-inside:avoid}
thead{display:table-header-group}
.wide{overflow:visible}
}`;

const policy = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The headers of a page without a script; its one style sheet stands in it, so that it can be mailed and kept. */
export const documentHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'Content-Type': 'text/html; charset=utf-8',
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
};

/** A whole document. */
export function renderDocument(parts: { language: string; title: string; content: Html }): Html {
  const { language, title, content } = parts;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(css)}</style>
</head>
<body><main>${content}</main></body>
</html>`;
}

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table whose first column names its rows. */
export function renderTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): Html {
  const kind = (index: number) => (columns[index]?.isNumber === true ? html` class="number"` : '');
  const cells = (row: readonly string[]) =>
    row.map((cell, index) =>
      index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(index)}>${cell}</td>`,
    );
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table>
<thead><tr>${columns.map(({ title }, index) => html`<th scope="col"${kind(index)}>${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody>
</table></div>`;
}

export interface Bar {
  /** Such as a date; every few of them stand below the axis. */
  readonly label: string;
  /** From 0 to 1; null: nothing was counted. */
  readonly share: number | null;
}

/** Bars of shares as a picture that needs no script. A table with the same numbers has to stand beside it. */
export function renderBars(
  bars: readonly Bar[],
  parts: { about: string; percent: (share: number) => string },
): Html {
  const [width, height, left, bottom] = [720, 180, 52, 24];
  const most = Math.max(0.01, ...bars.map(({ share }) => share ?? 0));
  const step = (width - left) / Math.max(1, bars.length);
  const floor = height - bottom;
  const shapes = bars.map(({ share }, index) => {
    if (share === null || share === 0) return '';
    const size = (share / most) * (floor - 14);
    const [x, y] = [left + index * step + step * 0.15, floor - size];
    return html`<rect class="bar" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(step * 0.7).toFixed(1)}" height="${size.toFixed(1)}"/>`;
  });
  const every = Math.ceil(bars.length / 8);
  const labels = bars.map(({ label }, index) =>
    index % every === 0
      ? html`<text class="label" x="${(left + index * step).toFixed(1)}" y="${height - 6}">${label}</text>`
      : '',
  );
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${parts.about}">
<line class="axis" x1="${left}" x2="${width}" y1="${floor}" y2="${floor}"/>
<text class="label" x="0" y="14">${parts.percent(most)}</text><text class="label" x="0" y="${floor}">0</text>
${shapes}${labels}
</svg>`;
}
