import { type Html, html } from '../../platform/html.ts';
import { adviceFor, type LmsFamily, type ReasonCode, reason, type Turn } from '../reasons.ts';
import type { PageEnvironment } from './environment.ts';
import { layout } from './layout.ts';

export interface ErrorPageOptions {
  readonly title: string;
  readonly happened: string;
  readonly next: string;
  readonly turn: Turn;
  /** For engineers, in English; it stands folded away. */
  readonly advice?: string;
  /** What a person can read to support, and support can find in the log. */
  readonly reference: string;
}

/** What happened, whose turn it is, what to do, and a reference. */
export function errorPage(environment: PageEnvironment, options: ErrorPageOptions): Html {
  const { text } = environment;
  return layout(environment, {
    title: options.title,
    content: html`${turnBadge(environment, options.turn)}
<h1>${options.title}</h1>
<p>${options.happened}</p>
<h2>${text('page.next')}</h2>
<p>${options.next}</p>
${referenceLine(environment, options.reference)}
${
  options.advice !== undefined &&
  html`<details><summary>${text('page.engineers')}</summary><p lang="en" dir="ltr">${options.advice}</p></details>`
}`,
  });
}

export interface ReasonPageOptions {
  readonly code: ReasonCode;
  readonly reference: string;
  /** Whose advice to unfold for engineers; `generic` unless the registration is known. */
  readonly family?: LmsFamily;
}

/** The error page of a reason: people's words from its text group, the code and advice for engineers. */
export function reasonPage(environment: PageEnvironment, options: ReasonPageOptions): Html {
  const { text } = environment;
  const { code, turn, texts, specification } = reason(options.code);
  return errorPage(environment, {
    title: text(`reason.${texts}.title`),
    happened: text(`reason.${texts}.happened`),
    next: text(`reason.${texts}.next`),
    turn,
    advice: `${code}: ${adviceFor(code, options.family ?? 'generic')} (${specification})`,
    reference: options.reference,
  });
}

/** Says whose turn it is; the colour only repeats the words. */
export function turnBadge({ text }: PageEnvironment, turn: Turn): Html {
  return html`<p class="turn turn-${turn}">${text(`turn.${turn}`)}</p>`;
}

export function referenceLine({ text }: PageEnvironment, reference: string): Html {
  return html`<p class="reference">${text('page.reference')}: <bdi><code>${reference}</code></bdi></p>`;
}
