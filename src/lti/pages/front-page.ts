import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { layout } from './layout.ts';

/** What stands at the hub's own address: it runs, and people who look after it go on to the console. */
export function frontPage(environment: PageEnvironment): Html {
  const { text } = environment;
  const title = text('front.title');
  return layout(environment, {
    title,
    content: html`<h1>${title}</h1>
      <p>${text('front.body')}</p>
      <p><a href="/console">${text('front.console')}</a></p>`,
  });
}
