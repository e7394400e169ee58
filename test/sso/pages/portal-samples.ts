import type { ConnectionId } from '../../../contracts/ids.ts';
import type { Html } from '../../../src/platform/html.ts';
import { createSignInPages, type SignInPage } from '../../../src/sso/pages/environment.ts';
import { portalPage } from '../../../src/sso/pages/portal-page.ts';
import type { PortalClass } from '../../../src/sso/portal/classes.ts';
import { type PortalContent, planView } from '../../../src/sso/portal/view.ts';
import { assets } from '../../lti/pages/samples.ts';

export const signInEnvironments = createSignInPages(assets);

/** So many classes and tools, every name of them `name`. */
export function contentOf(name: string, classes: number, tools: number): PortalContent {
  return {
    classes: Array.from(
      { length: classes },
      (_, index): PortalClass => ({
        key: `${index}`.padStart(22, 'k'),
        connectionId: 'connection' as ConnectionId,
        classId: `${index}`,
        ...{ title: name, code: name, school: name },
        roles: ['student', 'teacher', 'proctor', 'parent', 'administrator'],
      }),
    ),
    tools: Array.from({ length: tools }, (_, index) => ({ toolId: `${index}`.padStart(36, '0'), name })),
  };
}

/** Every way the portal looks, with one hostile or harmless text in every place that takes one. */
export function portalSamples(value: string): Record<string, (environment: SignInPage) => Html> {
  const sample = (content: PortalContent, choice: object = {}, more: object = {}) => {
    const view = planView(content, { tools: false, page: 1, ...choice });
    const fixed = { portal: '/t/north/portal', signOut: '/t/north/sign-out', gradesWait: true };
    return (page: SignInPage) => portalPage(page, { ...fixed, school: value, name: value, view, ...more });
  };
  const many = contentOf(value, 90, 90);
  return {
    few: sample(contentOf(value, 3, 2)),
    nothing: sample(contentOf(value, 0, 0), {}, { name: undefined }),
    full: sample(contentOf(value, 9, 5)),
    classes: sample(many, { page: 2 }),
    class: sample(many, { class: `${7}`.padStart(22, 'k'), page: 2 }),
    tools: sample(many, { tools: true }),
    toolGone: sample(contentOf(value, 1, 1), {}, { refused: { what: 'tool', reference: value } }),
    classGone: sample(contentOf(value, 1, 1), {}, { refused: { what: 'class', reference: value } }),
  };
}
