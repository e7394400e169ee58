import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import type { SignInPage } from './environment.ts';

export interface ChoicePageOptions {
  /** The institution's name. */
  readonly school: string;
  readonly ways: readonly { readonly name: string; readonly address: string }[];
  /** Where an e-mail address is posted to, which leads to one of the ways; absent where no way has domains. */
  readonly byEmail?:
    | {
        readonly action: string;
        readonly returnTo: string;
        /** The address that was given leads to none of them. */
        readonly isUnknown: boolean;
      }
    | undefined;
}

/** The ways of signing in by name, and a shorter one for whoever knows their address but not the name. */
export function choicePage(environment: SignInPage, { school, ways, byEmail }: ChoicePageOptions): Html {
  const { text } = environment;
  const title = text('signIn.title', { school });
  return layout(environment, {
    title,
    content: html`<h1>${title}</h1>
${ways.length === 0 && html`<p>${text('signIn.none')}</p>`}
${
  ways.length > 0 &&
  html`<h2 id="ways">${text('signIn.choose')}</h2>
<ul class="ways" aria-labelledby="ways">${ways.map(
    ({ name, address }) =>
      html`<li><a class="button" href="${address}">${text('signIn.with', { name })}</a></li>`,
  )}</ul>`
}
${
  byEmail !== undefined &&
  html`<form method="post" action="${byEmail.action}"><input type="hidden" name="returnTo" value="${byEmail.returnTo}">
<p class="field"><label for="email">${text('signIn.email')}</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254"${
    byEmail.isUnknown && html` aria-invalid="true" aria-describedby="unknown"`
  }></p>
${byEmail.isUnknown && html`<p id="unknown" class="refused" role="alert">${text('signIn.emailUnknown')}</p>`}
<button class="button">${text('signIn.continue')}</button></form>`
}`,
  });
}
