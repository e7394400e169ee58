import { referenceLine, turnBadge } from '../../lti/pages/error-page.ts';
import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import type { SignInReason } from '../reasons.ts';
import type { SignInPage } from './environment.ts';

export interface RefusedPageOptions {
  readonly reason: SignInReason;
  readonly reference: string;
  /** Where to begin again. */
  readonly again: string;
  /** Until a next try is taken. */
  readonly minutes?: number | undefined;
}

/** Why somebody was not let in: in plain words for them, folded away for the help desk and for the engineer. */
export function refusedPage(environment: SignInPage, options: RefusedPageOptions): Html {
  const { text } = environment;
  const { code, texts, turn, advice, helpDesk, specification } = options.reason;
  const title = text(`signIn.reason.${texts}.title`);
  return layout(environment, {
    title,
    content: html`${turnBadge(environment, turn)}
<h1>${title}</h1>
<p>${text(`signIn.reason.${texts}.happened`)}</p>
<h2>${text('page.next')}</h2>
<p>${text(`signIn.reason.${texts}.next`, { minutes: options.minutes ?? 5 })}</p>
<p><a class="button" href="${options.again}">${text('signIn.again')}</a></p>
${referenceLine(environment, options.reference)}
<details><summary>${text('signIn.helpDesk')}</summary><p lang="en" dir="ltr">${helpDesk}</p></details>
<details><summary>${text('page.engineers')}</summary><p lang="en" dir="ltr">${code}: ${advice} (${specification})</p></details>`,
  });
}
