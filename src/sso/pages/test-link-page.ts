import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import type { SignInPage } from './environment.ts';

export interface TestLinkPageOptions {
  readonly school: string;
  /** Name of the connection. */
  readonly name: string;
  readonly action: string;
}

/**
 * Before a test sign-in. The link is used up by the button alone: programs that look into mails open addresses too. For
 * admins, in English.
 */
export function testLinkPage(environment: SignInPage, { school, name, action }: TestLinkPageOptions): Html {
  const title = `Test sign-in with ${name}`;
  return layout(environment, {
    title,
    content: html`<div lang="en" dir="ltr"><h1>${title}</h1>
<p>For whoever looks after signing in at ${school}. Sign in as you would at the portal. Nobody is signed in here, and nothing is
changed. You will see every rule the answer was held against, what the other side says of the account, and which person it leads
to.</p>
<p>This address is good for one test.</p>
<form method="post" action="${action}"><button class="button">Begin the test</button></form></div>`,
  });
}
