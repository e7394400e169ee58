import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';

/**
 * A page that sends its form at once (OAuth 2.0 Form Post Response Mode 1.0, section 2): authorize
 * answers, logins by POST. The words and the button come into view only when that takes long or there
 * is no script.
 */
export function formPostPage(environment: PageEnvironment, target: FormTarget): Html {
  const { text } = environment;
  return layout(environment, {
    title: text('continue.title'),
    scripts: ['submit.js'],
    content: html`<div class="late">
<h1>${text('continue.title')}</h1>
<p>${text('continue.body')}</p>
${hiddenForm(target, { button: text('continue.button'), automatic: true })}
</div>`,
  });
}
