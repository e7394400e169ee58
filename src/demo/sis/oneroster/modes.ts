/** How the provider is: all of it may be changed while it runs. What is switched on first is what the specification wants. */
export interface Modes {
  /** X-Total-Count; `page`: of the rows in the answer, as some providers understand it. */
  totals: boolean | 'page';
  /** Link. `opaque` ones name a page by a mark of their own; `asked` ones count with the limit that was asked for. */
  links: boolean | 'opaque' | 'asked';
  /** Another origin for links, as of a server behind a proxy. */
  linkOrigin: string | undefined;
  /** The most rows of an answer, whatever is asked for. */
  mostRows: number;
  /** Whether the offset is rounded down to whole pages. */
  wholePages: boolean;
  /** Parts of a question that are answered with 400. */
  refuses: ReadonlySet<'sort' | 'filter' | 'fields'>;
  /** Parts that are taken and not heeded. */
  ignores: ReadonlySet<'sort' | 'filter' | 'fields' | 'offset'>;
  /** Lists that there are none of: 404. */
  missing: ReadonlySet<string>;
  /** Lists that the hub may not see: 403. */
  forbidden: ReadonlySet<string>;
}

export const faithful: Modes = {
  totals: true,
  links: true,
  linkOrigin: undefined,
  mostRows: 10_000,
  wholePages: false,
  refuses: new Set(),
  ignores: new Set(),
  missing: new Set(),
  forbidden: new Set(),
};
