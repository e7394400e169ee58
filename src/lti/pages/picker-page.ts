import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import type { FormTarget } from './form.ts';
import { layout } from './layout.ts';

export interface PickerPageOptions {
  /** What the tools are chosen for: content, whose LMS waits for an answer, or somebody's data. */
  readonly about: 'content' | 'privacy';
  /** Goes on with the tool whose short name stands in the field `tool`; an empty one goes back. */
  readonly choose: FormTarget;
  readonly tools: readonly { readonly slug: string; readonly name: string }[];
}

/** Several tools are meant alike: a button for each. Works without script. */
export function pickerPage(environment: PageEnvironment, options: PickerPageOptions): Html {
  const { text } = environment;
  const { action, fields } = options.choose;
  return layout(environment, {
    title: text('choose.title'),
    content: html`<h1>${text('choose.title')}</h1>
<p id="why">${text(options.about === 'content' ? 'choose.body' : 'choose.privacy')}</p>
<form method="post" action="${action}" aria-describedby="why">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<ul class="ways">${options.tools.map(
      ({ slug, name }) =>
        html`<li><button class="button" name="tool" value="${slug}"><bdi>${name}</bdi></button></li>\n`,
    )}</ul>
${
  options.about === 'content' &&
  html`<p class="others"><button class="button plain" name="tool" value="">${text('choose.cancel')}</button></p>`
}
</form>`,
  });
}
