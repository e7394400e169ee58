import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import type { SignInPage } from './environment.ts';

/** Said after signing out, on a device that others may use next. */
export function signedOutPage(environment: SignInPage, { again }: { readonly again: string }): Html {
  const { text } = environment;
  const title = text('signIn.signedOut');
  return layout(environment, {
    title,
    content: html`<h1>${title}</h1>
<p>${text('signIn.signedOutBody')}</p>
<p><a class="button" href="${again}">${text('signIn.again')}</a></p>`,
  });
}
