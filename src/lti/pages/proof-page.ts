import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';
import { newWindowStep } from './new-window-page.ts';

export interface ProofPageOptions {
  /** The authentication request as it came; the page posts it again with one more field. */
  readonly authorize: FormTarget;
  readonly proofField: string;
  /** The launch whose framed page is asked (`FramedProof.launch`). */
  readonly launch: string;
  /** The way out when no framed page of the hub answers; without it the page says to open again. */
  readonly newWindow?: FormTarget;
}

/**
 * The authorize step inside a framed tool without a cookie: asks the windows around it, on the hub's
 * own origin, for the proof (1EdTech Security Framework 1.0, 5.1.1.3), and posts the request again.
 */
export function proofPage(environment: PageEnvironment, options: ProofPageOptions): Html {
  const { text } = environment;
  const { action, fields } = options.authorize;
  const withProof = { action, fields: { ...fields, [options.proofField]: '' } };
  const wayOut = options.newWindow
    ? newWindowStep(environment, { open: options.newWindow })
    : html`<h1>${text('reason.browser.title')}</h1><p>${text('reason.browser.happened')}</p><p>${text('reason.browser.next')}</p>`;
  return layout(environment, {
    title: text('checking.title'),
    scripts: ['submit.js', 'proof.js'],
    settings: { launch: options.launch, proofField: options.proofField },
    content: html`<div class="early"><h1>${text('checking.title')}</h1><p role="status">${text('checking.body')}</p></div>
<div hidden>${hiddenForm(withProof, { button: text('continue.button'), id: 'go' })}</div>
<div class="late">${wayOut}</div>`,
  });
}
