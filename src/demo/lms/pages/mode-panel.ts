import type { Html } from '../../../platform/html.ts';
import { html } from '../../../platform/html.ts';
import type { School } from '../../world.ts';
import type { GradebookMode } from '../grades/modes.ts';
import { modes } from '../grades/modes.ts';
import { coursePath } from './course-layout.ts';

/** The teacher's choice of how the gradebook answers tools. @param hint a command that shows what the hub did */
export function modePanel(school: School, current: GradebookMode, hint: string | undefined): Html {
  const choices = Object.entries(modes).map(
    ([mode, { title, lms, hub }]) => html`<div class="choice">
<input type="radio" id="mode-${mode}" name="mode" value="${mode}" aria-describedby="about-${mode}"${mode === current && html` checked`}>
<label for="mode-${mode}">${title}</label>
<p id="about-${mode}" class="muted">${lms} ${hub}</p>
</div>\n`,
  );
  return html`<section class="panel" aria-labelledby="try">
<h2 id="try">Try what happens when this gradebook has trouble</h2>
<p>Choose how it answers the hub, then hand something in as a pupil and come back. The other school is not affected.</p>
<form method="post" action="${coursePath(school, '/gradebook/mode')}">
<fieldset>
<legend>This gradebook is</legend>
${choices}</fieldset>
<button class="button">Apply</button>
</form>
${
  hint !== undefined &&
  html`<p>What the hub did with each score, in a terminal:</p>
<pre class="command" tabindex="0" aria-label="Command"><code>${hint}</code></pre>`
}
</section>`;
}
