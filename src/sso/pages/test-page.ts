import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import type { TestReport } from '../finish.ts';
import type { SignInPage } from './environment.ts';

/** What a test sign-in has shown: every rule, every attribute, and whom it would lead to. For admins, in English. */
export function testPage(environment: SignInPage, report: TestReport): Html {
  const { checks, signedIn, role, link, reason } = report;
  const title = reason === undefined ? 'Test sign-in: accepted' : `Test sign-in: refused (${reason.code})`;
  return layout(environment, {
    title,
    content: html`<div lang="en" dir="ltr"><h1>${title}</h1>
<p>Nobody was signed in, and nothing was changed.</p>
${reason !== undefined && html`<p><strong>${reason.advice}</strong> (${reason.specification})</p>`}
<h2>Rules</h2>
<ul>${checks.map(
      ({ rule, passed, expected, found }) =>
        html`<li>${passed ? 'Passed' : 'Broken'}: <code>${rule}</code>${
          expected !== undefined && html` · expected ${expected}`
        }${found !== undefined && html` · found ${found}`}</li>`,
    )}</ul>
${
  signedIn !== undefined &&
  html`<h2>Who it is</h2>
<ul><li>Issuer: <code>${signedIn.issuer}</code></li><li>Subject: <code>${signedIn.subject}</code></li>
<li>Role from the groups: ${role ?? 'none'}</li><li>Groups: ${signedIn.groups.join(', ') || 'none'}</li></ul>
<h2>Attributes</h2>
<ul>${Object.entries(signedIn.attributes).map(
    ([name, values]) => html`<li><code>${name}</code>: ${values.join(', ')}</li>`,
  )}</ul>`
}
${link !== undefined && html`<h2>Whom it leads to</h2><p>${link.explanation}</p>`}</div>`,
  });
}
