import type { Html } from '../../platform/html.ts';
import { html } from '../../platform/html.ts';
import { document } from './pages.ts';
import type { VerifiedClaims } from './verify.ts';

const claim = 'https://purl.imsglobal.org/spec/lti/claim/';

/** What a tool may be told, in the order people ask about it; the rest is listed as it came. */
const askedFor: readonly (readonly [label: string, name: string])[] = [
  ['Name', 'name'],
  ['Given name', 'given_name'],
  ['Family name', 'family_name'],
  ['E-mail', 'email'],
  ['Picture', 'picture'],
  ['Language', 'locale'],
  ['School identifiers (LIS)', `${claim}lis`],
  ['Course', `${claim}context`],
  ['Link', `${claim}resource_link`],
  ['Platform', `${claim}tool_platform`],
  ['Presentation', `${claim}launch_presentation`],
  ['Custom values', `${claim}custom`],
];

/**
 * The page after a good launch: who, where, and what this tool sees.
 *
 * @param next paths of the page where scores are sent, and of the class list; undefined where the platform has none
 */
export function launchPage(
  claims: VerifiedClaims,
  provenBy: 'cookie' | 'storage',
  { activity, classList }: { activity?: string | undefined; classList?: string | undefined },
): Html {
  const given = text(claims.given_name) ?? text(claims.name);
  const title = titleOf(claims[`${claim}resource_link`]) ?? 'Sample tool';
  const told = askedFor.filter(([, name]) => claims[name] !== undefined).length;
  return document(
    `${title} · Sample tool`,
    html`<header class="hello">
<p class="product">Sample tool</p>
<h1>Hello, <span data-fact="name">${given ?? 'someone'}</span></h1>
<p>You opened <strong data-fact="resource">${title}</strong>${courseText(claims)}.</p>
<ul class="badges">
<li class="good">Launch verified</li>
<li data-fact="proof" data-proof="${provenBy}">${provenBy === 'cookie' ? 'Browser proven by a cookie' : "Browser proven by the platform's storage"}</li>
</ul>
</header>
${
  activity !== undefined &&
  html`<section aria-labelledby="work">
<h2 id="work">Scores</h2>
<p>The school's gradebook has a place for this activity.</p>
<p class="next"><a class="button" href="${activity}">Go to the activity</a></p>
</section>
`
}${
  classList !== undefined &&
  html`<section aria-labelledby="class">
<h2 id="class">Class</h2>
<p>The school lets this tool read who is in the course.</p>
<p class="next"><a class="button" href="${classList}">See the class list</a></p>
</section>
`
}<section aria-labelledby="launch">
<h2 id="launch">This launch</h2>
<dl class="facts">
${fact('Role', 'role', roleText(claims[`${claim}roles`]))}
${fact('Course', 'course', titleOf(claims[`${claim}context`]) ?? 'not told')}
${fact('Link', 'link', idOf(claims[`${claim}resource_link`]), true)}
${fact('Place in this tool', 'target', text(claims[`${claim}target_link_uri`]) ?? '', true)}
${fact('Deployment', 'deployment', text(claims[`${claim}deployment_id`]) ?? '', true)}
${fact('Issuer', 'issuer', text(claims.iss) ?? '', true)}
${fact('Person, as this tool knows them', 'sub', text(claims.sub) ?? '', true)}
</dl>
</section>
<section aria-labelledby="sees">
<h2 id="sees">What this tool sees</h2>
<p class="muted">${told} of ${askedFor.length} optional facts were shared. The rest never reached this tool.</p>
<dl class="told">
${askedFor.map(([label, name]) => toldRow(label, claims[name]))}</dl>
</section>`,
    ['resize.js'],
  );
}

function fact(label: string, name: string, value: string, code = false): Html {
  return html`<div><dt>${label}</dt><dd data-fact="${name}">${code ? html`<code>${value}</code>` : value}</dd></div>`;
}

function toldRow(label: string, value: unknown): Html {
  const shared = value !== undefined;
  const mark = shared
    ? html`<span class="mark yes">Shared</span>`
    : html`<span class="mark">Not shared</span>`;
  return html`<div${!shared && html` class="withheld"`}><dt>${label}</dt><dd>${mark}</dd>${
    shared && html`<dd>${valueText(value)}</dd>`
  }</div>\n`;
}

function valueText(value: unknown): Html {
  if (typeof value !== 'object' || value === null) return html`${String(value)}`;
  const parts = Object.entries(value).map(
    ([name, part]) => html`<li><span class="muted">${name}</span> ${plain(part)}</li>`,
  );
  return html`<ul>${parts}</ul>`;
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(plain).join(', ') : (JSON.stringify(value) ?? '');
}

function courseText(claims: VerifiedClaims): Html {
  const course = titleOf(claims[`${claim}context`]);
  return course === undefined ? html`` : html` in ${course}`;
}

/** The last part of each role in words: a URI's fragment, or the short name that some platforms send. */
function roleText(roles: unknown): string {
  const names = Array.isArray(roles) ? roles.map((role) => String(role).split(/[#/]/).at(-1) ?? '') : [];
  const words = names.map((name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' '));
  return words.length === 0 ? 'none given' : [...new Set(words)].join(', ');
}

function titleOf(value: unknown): string | undefined {
  const { title, label } = (value ?? {}) as { title?: unknown; label?: unknown };
  return text(title) ?? text(label);
}

function idOf(value: unknown): string {
  return text((value as { id?: unknown } | undefined)?.id) ?? '';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
