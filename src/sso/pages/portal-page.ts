import { layout } from '../../lti/pages/layout.ts';
import { type Html, html } from '../../platform/html.ts';
import { type PortalClass, shownRole } from '../portal/classes.ts';
import { clip, type ListPage, type PortalTool, type PortalView } from '../portal/view.ts';
import type { SignInPage } from './environment.ts';

export interface PortalPageOptions {
  /** The institution's name. */
  readonly school: string;
  /** What the person is called, if anybody has said so. */
  readonly name: string | undefined;
  readonly view: PortalView;
  /** Address of the portal; forms are posted below it. */
  readonly portal: string;
  readonly signOut: string;
  /** Somebody who teaches is told that scores wait. */
  readonly gradesWait: boolean;
  /** Why the last click opened nothing, with what a help desk finds it by. */
  readonly refused?: { readonly what: 'tool' | 'class'; readonly reference: string } | undefined;
}

/** A person's classes and tools: one button a tool and class, in forms that need no script. */
export function portalPage(environment: SignInPage, options: PortalPageOptions): Html {
  const { text } = environment;
  const { name, refused, gradesWait, view } = options;
  const school = clip(options.school);
  const title = text('portal.title', { school });
  return layout(environment, {
    title: refused === undefined ? title : `${text('portal.refused.title')} · ${title}`,
    content: html`<div class="portal"><div class="portal-head">
<div><h1>${name === undefined ? title : text('portal.hello', { name: clip(name) })}</h1>${
      name !== undefined && html`<p>${school}</p>`
    }</div>
<form method="post" action="${options.signOut}"><button class="button plain">${text('portal.signOut')}</button></form></div>
${
  refused !== undefined &&
  html`<div class="refused" role="alert"><p><strong>${text('portal.refused.title')}</strong></p>
<p>${text(`portal.refused.${refused.what}`)}</p><p>${text('page.reference')}: <code>${refused.reference}</code></p></div>`
}
${render(environment, options)}
${gradesWait && view.kind !== 'tools' && html`<p class="about">${text('portal.gradesWait')}</p>`}</div>`,
  });
}

function render(environment: SignInPage, options: PortalPageOptions): Html {
  const { text } = environment;
  const { view, portal } = options;
  switch (view.kind) {
    case 'all':
      return html`<section aria-labelledby="classes"><h2 id="classes">${text('portal.classes')}</h2>
${
  view.classes.length === 0
    ? html`<p>${text('portal.noClasses')}</p>`
    : html`<ul class="classes">${view.classes.map(
        (each) =>
          html`<li><h3>${clip(each.title)}</h3>${about(environment, each)}${tools(environment, options, view.tools, each)}</li>`,
      )}</ul>`
}</section>
${alone(environment, options, view.tools)}`;
    case 'classes':
      return html`<section aria-labelledby="classes"><h2 id="classes">${text('portal.classes')}</h2>
<ul class="classes">${view.list.items.map(
        (each) =>
          html`<li><h3><a href="${portal}?class=${each.key}">${clip(each.title)}</a></h3>${about(environment, each)}</li>`,
      )}</ul>${pages(environment, portal, '', view.list)}</section>
<p class="others"><a href="${portal}?tools">${text('portal.tools')}</a></p>`;
    case 'class':
      return html`<section aria-labelledby="class"><h2 id="class">${clip(view.of.title)}</h2>${about(environment, view.of)}
${tools(environment, options, view.list.items, view.of)}${pages(environment, portal, `class=${view.of.key}`, view.list)}</section>
<p class="others"><a href="${portal}">${text('portal.all')}</a></p>`;
    case 'tools':
      return html`${alone(environment, options, view.list.items)}${pages(environment, portal, 'tools', view.list)}
<p class="others"><a href="${portal}">${text('portal.all')}</a></p>`;
  }
}

/** What tells a class from others, and what the person is in it. */
function about({ text }: SignInPage, { roles, code, school }: PortalClass): Html {
  const shown = [...new Set(roles.map(shownRole))].map((role) => text(`portal.roles.${role}`));
  const all = [...shown, code, school].filter((each) => each !== undefined);
  return html`<p class="about">${all.map(clip).join(' · ')}</p>`;
}

function alone(environment: SignInPage, options: PortalPageOptions, all: readonly PortalTool[]): Html {
  const title = environment.text('portal.tools');
  return html`<section aria-labelledby="tools"><h2 id="tools">${title}</h2>${tools(environment, options, all, undefined)}</section>`;
}

/** Buttons are seen by the tool's name; who hears them is told the class as well. */
function tools(
  { text }: SignInPage,
  { portal }: PortalPageOptions,
  all: readonly PortalTool[],
  of: PortalClass | undefined,
): Html {
  if (all.length === 0) return html`<p>${text('portal.noTools')}</p>`;
  const label = (name: string) =>
    of === undefined
      ? text('portal.openAlone', { tool: name })
      : text('portal.open', { tool: name, class: clip(of.title) });
  return html`<form method="post" action="${portal}/launch">${
    of !== undefined && html`<input type="hidden" name="class" value="${of.key}">`
  }<ul class="tools">${all.map(
    ({ toolId, name }) =>
      html`<li><button class="button" name="tool" value="${toolId}" aria-label="${label(clip(name))}">${clip(name)}</button></li>`,
  )}</ul></form>`;
}

function pages(
  { text }: SignInPage,
  portal: string,
  query: string,
  { page, pages: count }: ListPage<unknown>,
): Html | false {
  if (count === 1) return false;
  const to = (number: number) => `${portal}?${query === '' ? '' : `${query}&`}page=${number}`;
  const where = text('portal.page', { page, pages: count });
  return html`<nav class="pages" aria-label="${where}">${
    page > 1 && html`<a href="${to(page - 1)}" rel="prev">${text('portal.previous')}</a>`
  }<span>${where}</span>${page < count && html`<a href="${to(page + 1)}" rel="next">${text('portal.more')}</a>`}</nav>`;
}
