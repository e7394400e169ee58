import { type Html, html } from '../../platform/html.ts';
import { directionOf } from '../../platform/i18n.ts';
import type { AssetName } from './assets.ts';
import type { PageEnvironment } from './environment.ts';

export interface LayoutParts {
  readonly title: string;
  readonly content: Html;
  readonly scripts?: readonly AssetName[];
  /** Short data for the page's scripts; it is read from `data-settings` and is never executed. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `card` is a short message in the middle, `frame` gives the whole page to its content. */
  readonly kind?: 'card' | 'frame';
}

/**
 * A whole document. Nothing in it is inline, so that `script-src 'self'; style-src 'self'` suffices. Its landmarks
 * have names, since a screen reader lists them together with those of the LMS around the frame.
 */
export function layout(environment: PageEnvironment, parts: LayoutParts): Html {
  const { language } = environment;
  const settings = parts.settings && html` data-settings="${JSON.stringify(parts.settings)}"`;
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${parts.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${environment.asset('pages.css')}">
${parts.scripts?.map((name) => html`<script type="module" src="${environment.asset(name)}"></script>`)}
</head>
<body class="${parts.kind ?? 'card'}"${settings}>
<main aria-label="${parts.title}">${parts.content}</main>
${parts.kind !== 'frame' && html`<footer aria-label="Gatehouse">Gatehouse</footer>`}
</body>
</html>`;
}
