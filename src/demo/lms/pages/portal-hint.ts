import { type Html, html } from '../../../platform/html.ts';

/** Where people get in without the LMS, and who may try. */
export interface PortalHint {
  portalUrl: string;
  accounts: { password: string; toTry: readonly { username: string; what: string }[] };
}

/** What the front page says of it. */
export function portalSection({ portalUrl, accounts }: PortalHint): Html {
  return html`<section class="portal" aria-labelledby="portal">
<h2 id="portal">Without the learning platform</h2>
<p>People of the first school sign in at <a href="${portalUrl}">its portal</a>, by the school’s directory or its OpenID provider. The password is <code>${accounts.password}</code> for everybody:</p>
<ul>${accounts.toTry.map(({ username, what }) => html`<li><code>${username}</code> · ${what}</li>`)}</ul>
</section>`;
}
