import { type Html, html } from '../../platform/html.ts';

/** Where a page goes next. Fields stay in the body unless the method is `get`. */
export interface FormTarget {
  /** An absolute address, or a path on the hub. */
  readonly action: string;
  /** `post` unless told. */
  readonly method?: 'get' | 'post';
  readonly fields: Readonly<Record<string, string>>;
}

export interface FormOptions {
  readonly button: string;
  /** Sent by script as soon as the page is read. */
  readonly automatic?: boolean;
  /** The name of the frame or window that receives the answer. */
  readonly target?: string;
  readonly id?: string;
}

/** A form of hidden fields with one button, so that a page can also go on without script. */
export function hiddenForm(target: FormTarget, options: FormOptions): Html {
  const { action, query } =
    target.method === 'get' ? takeQuery(target) : { action: target.action, query: [] };
  return html`<form method="${target.method ?? 'post'}" action="${action}"${attribute('id', options.id)}${attribute('target', options.target)}${
    options.automatic === true && html` data-automatic`
  }>${[...query, ...Object.entries(target.fields)].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button class="button">${options.button}</button></form>`;
}

function attribute(name: 'id' | 'target', value: string | undefined): Html | undefined {
  if (value === undefined) return undefined;
  return name === 'id' ? html` id="${value}"` : html` target="${value}"`;
}

/** A form sent by GET replaces the query of its action, so the query becomes fields, each as often as it is there. */
function takeQuery({ action, fields }: FormTarget): { action: string; query: [string, string][] } {
  const [withoutFragment = ''] = action.split('#', 1);
  const start = withoutFragment.indexOf('?');
  if (start === -1) return { action: withoutFragment, query: [] };
  const query = [...new URLSearchParams(withoutFragment.slice(start + 1))];
  return {
    action: withoutFragment.slice(0, start),
    query: query.filter(([name]) => !Object.hasOwn(fields, name)),
  };
}
