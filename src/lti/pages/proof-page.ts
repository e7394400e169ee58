import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';

export interface ProofPageOptions {
  /** The authentication request as it came; the page posts it again with one more field. */
  readonly authorize: FormTarget;
  readonly proofField: string;
  /** The launch whose framed page is asked (`FramedProof.launch`). */
  readonly launch: string;
}

/**
 * The authorize step inside a framed tool without a cookie: asks the windows around it, on the hub's
 * own origin, for the proof (1EdTech Security Framework 1.0, 5.1.1.3), and posts the request again. Where no
 * framed page of the hub answers, and without script, the field of the proof is posted empty.
 */
export function proofPage(environment: PageEnvironment, options: ProofPageOptions): Html {
  const { text } = environment;
  const { action, fields } = options.authorize;
  const withProof = { action, fields: { ...fields, [options.proofField]: '' } };
  return layout(environment, {
    title: text('checking.title'),
    scripts: ['submit.js', 'proof.js'],
    settings: { launch: options.launch, proofField: options.proofField },
    content: html`<h1>${text('checking.title')}</h1>
<div class="early"><p role="status">${text('checking.body')}</p></div>
<div class="late"><p>${text('continue.body')}</p>
${hiddenForm(withProof, { button: text('continue.button'), id: 'go' })}</div>`,
  });
}
