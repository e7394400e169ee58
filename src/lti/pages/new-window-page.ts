import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';

export interface NewWindowPageOptions {
  readonly open: FormTarget;
  /** Given when the tool is set to open in a window; without it the page explains that the browser asks for it. */
  readonly toolName?: string;
}

/** A button that opens a new window: browsers let a window open only for a click. Works without script. */
export function newWindowPage(environment: PageEnvironment, options: NewWindowPageOptions): Html {
  return layout(environment, {
    title: environment.text('window.title'),
    scripts: ['submit.js'],
    content: newWindowStep(environment, options),
  });
}

/** The same step as a part of another page. */
export function newWindowStep({ text }: PageEnvironment, { open, toolName }: NewWindowPageOptions): Html {
  const why = toolName === undefined ? text('window.body') : text('window.bodyTool', { tool: toolName });
  return html`<h1>${text('window.title')}</h1>
<p>${why}</p>
${hiddenForm(open, { button: text('window.button'), target: '_blank' })}
<p role="status" data-opened="${text('window.opened')}"></p>`;
}
