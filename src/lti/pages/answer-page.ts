import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';

export interface AnswerPageOptions {
  /** The choice, on its way to the learning platform. */
  readonly send: FormTarget;
  /** What the tool says went wrong. */
  readonly error?: { readonly tool: string; readonly message: string };
  /** How many things the platform does not take. */
  readonly left: number;
  /** Only the first of several things goes on. */
  readonly cut: boolean;
}

/**
 * Takes a teacher's choice back to the learning platform: at once, or after what has to be read first. The script lets the
 * answer take the place of the hub's outermost frame, which is what the platform has opened.
 */
export function answerPage(environment: PageEnvironment, options: AnswerPageOptions): Html {
  const { text } = environment;
  const { send, error, left, cut } = options;
  if (error === undefined && left === 0 && !cut) {
    return layout(environment, {
      title: text('continue.title'),
      scripts: ['answer.js'],
      content: html`<div class="late">
<h1>${text('continue.title')}</h1>
${hiddenForm(send, { button: text('answer.button'), automatic: true, id: 'go' })}
</div>`,
    });
  }
  return layout(environment, {
    title: text('answer.title'),
    scripts: ['answer.js'],
    content: html`<h1>${text('answer.title')}</h1>
${
  error !== undefined &&
  html`<h2>${text('answer.said', { tool: error.tool })}</h2>
<p class="said" dir="auto">${error.message}</p>`
}
${cut && html`<p>${text('answer.first')}</p>`}
${left > 0 && html`<p>${text('answer.left', { count: left })}</p>`}
${hiddenForm(send, { button: text('answer.button'), id: 'go' })}`,
  });
}
