import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import type { SignInTextGroup } from '../reasons/entry.ts';
import type { SignInPage } from './environment.ts';

export interface PasswordPageOptions {
  readonly school: string;
  /** Name of this way of signing in. */
  readonly name: string;
  /** Carries the open request, so that a password is taken only from this browser and once. */
  readonly handle: string;
  readonly action: string;
  /** What was typed before, kept after a mistake. */
  readonly username?: string;
  /** Why the last try did not work. */
  readonly refused?: { readonly texts: SignInTextGroup; readonly minutes?: number | undefined };
  /** Where the other ways are chosen, if there are any. */
  readonly others?: string | undefined;
}

/** User name and password. Password managers and pasting work (WCAG 2.2, 3.3.8). */
export function passwordPage(environment: SignInPage, options: PasswordPageOptions): Html {
  const { text } = environment;
  const { school, name, handle, action, username = '', refused, others } = options;
  const title = text('signIn.title', { school });
  const wrong = refused !== undefined && html` aria-invalid="true" aria-describedby="refused"`;
  return layout(environment, {
    title: refused === undefined ? title : `${text(`signIn.reason.${refused.texts}.title`)} · ${title}`,
    content: html`<h1>${title}</h1>
<p>${text('signIn.with', { name })}</p>
${
  refused !== undefined &&
  html`<div id="refused" class="refused" role="alert"><p><strong>${text(`signIn.reason.${refused.texts}.happened`)}</strong></p>
<p>${text(`signIn.reason.${refused.texts}.next`, { minutes: refused.minutes ?? 5 })}</p></div>`
}
<form method="post" action="${action}"><input type="hidden" name="handle" value="${handle}">
<p class="field"><label for="username">${text('signIn.user')}</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="256" value="${username}"${wrong}></p>
<p class="field"><label for="password">${text('signIn.password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"${wrong}></p>
<button class="button">${text('signIn.button')}</button></form>
${others !== undefined && html`<p class="others"><a href="${others}">${text('signIn.otherWay')}</a></p>`}`,
  });
}
