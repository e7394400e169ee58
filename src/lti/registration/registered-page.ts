import { type FamilyName, families } from '../../connections/families.ts';
import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from '../pages/environment.ts';
import { layout } from '../pages/layout.ts';

export interface RegisteredPageOptions {
  readonly family: FamilyName;
  readonly clientId: string;
  /** Scopes that the LMS did not grant. */
  readonly missingScopes: readonly string[];
}

/** Families whose text says what is left to do there; Schoology has no dynamic registration. */
const leftToDo = {
  canvas: 'registered.canvas',
  moodle: 'registered.moodle',
  blackboard: 'registered.blackboard',
  brightspace: 'registered.brightspace',
  schoology: 'registered.generic',
  sakai: 'registered.sakai',
  generic: 'registered.generic',
} as const satisfies Record<FamilyName, string>;

/**
 * The LMS is connected: what is left to do there. Its button asks the LMS to take over again
 * (`org.imsglobal.lti.close`, LTI Dynamic Registration 1.0, step 4), since a page that closes by itself is read by nobody.
 */
export function registeredPage(environment: PageEnvironment, options: RegisteredPageOptions): Html {
  const { text } = environment;
  const { family, clientId, missingScopes } = options;
  const platform = families[family].title;
  return layout(environment, {
    title: text('registered.title', { platform }),
    scripts: ['registered.js'],
    content: html`<h1>${text('registered.title', { platform })}</h1>
<p>${text('registered.body', { platform })}</p>
<p>${text(leftToDo[family])}</p>
${
  missingScopes.length > 0 &&
  html`<p>${text('registered.missing', { platform, scopes: missingScopes.map(shortName).join(', ') })}</p>`
}
<p class="reference">${text('registered.clientId')}: <bdi><code>${clientId}</code></bdi></p>
<p><button class="button" type="button" id="close">${text('registered.button')}</button></p>`,
  });
}

/** The last part of a scope, which is what LMSs call the right. */
function shortName(scope: string): string {
  return scope.split('/').at(-1) ?? scope;
}
