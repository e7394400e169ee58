import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { referenceLine, turnBadge } from './error-page.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';

export interface WaitingPageOptions {
  /**
   * A path on the hub that answers `{ "claimed": boolean }` as JSON. It must tell nothing else and hold
   * no secret: addresses are logged.
   */
  readonly statusUrl: string;
  /** Resumes the launch; sent by script once claimed, or by the person. */
  readonly resume: FormTarget;
  /** How long the launch waits: after that the page stops looking. */
  readonly forSeconds: number;
  readonly reference: string;
}

/** The calm page of an unknown deployment: it waits until an administrator claims it, then goes on. */
export function waitingPage(environment: PageEnvironment, options: WaitingPageOptions): Html {
  const { text } = environment;
  return layout(environment, {
    title: text('waiting.title'),
    scripts: ['waiting.js'],
    settings: { statusUrl: options.statusUrl, everySeconds: 10, forSeconds: options.forSeconds },
    content: html`${turnBadge(environment, 'school')}
<h1>${text('waiting.title')}</h1>
<p>${text('waiting.body')}</p>
<p class="scripted">${text('waiting.next')}</p>
<noscript><p>${text('waiting.nextNoScript')}</p></noscript>
${hiddenForm(options.resume, { button: text('waiting.button'), id: 'go' })}
<p role="status" data-still="${text('waiting.still')}" data-ready="${text('waiting.ready')}" data-ended="${text('waiting.ended')}"></p>
${referenceLine(environment, options.reference)}`,
  });
}
