import type { CallInput } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';

/** Stands in the address of a page for exchanges without a partner; no partner is called so. */
export const noPartner = '-';

/** The query as the API takes it, where an empty partner means exchanges that have none. */
export function askedOf<Query extends { partner?: string | undefined }>(query: Query): Query {
  return query.partner === noPartner ? { ...query, partner: '' } : query;
}

type Overview = NonNullable<CallInput<'tenantOverview'>['query']>;
type Rows = NonNullable<CallInput<'tenantExchanges'>['query']>;

/** The first numbers of one institution, or of all where none is named; asked for again every half minute. */
export function useOverview(slug: string | undefined, wanted: Overview) {
  const query = askedOf(wanted);
  const every = 30_000;
  const hub = useRead('hubOverview', { query }, { enabled: slug === undefined, every, keep: true });
  const input = { params: { slug: slug ?? '' }, query };
  const own = useRead('tenantOverview', input, { enabled: slug !== undefined, every, keep: true });
  return slug === undefined ? hub : own;
}

/** The exchanges behind a number. */
export function useExchanges(slug: string | undefined, wanted: Rows) {
  const query = askedOf(wanted);
  const hub = useRead('hubExchanges', { query }, { enabled: slug === undefined, keep: true });
  const input = { params: { slug: slug ?? '' }, query };
  const own = useRead('tenantExchanges', input, { enabled: slug !== undefined, keep: true });
  return slug === undefined ? hub : own;
}

type Numbers = NonNullable<CallInput<'tenantHealth'>['query']>;

/** Numbers of a stretch of time, in groups. */
export function useNumbers(slug: string | undefined, wanted: Numbers) {
  const query = askedOf(wanted);
  const hub = useRead('hubHealth', { query }, { enabled: slug === undefined, keep: true });
  const input = { params: { slug: slug ?? '' }, query };
  const own = useRead('tenantHealth', input, { enabled: slug !== undefined, keep: true });
  return slug === undefined ? hub : own;
}

type Chart = NonNullable<CallInput<'tenantHealthChart'>['query']>;

/** Numbers over time, with what stands beside them in the calendar and was changed; asked for again every minute. */
export function useChart(slug: string | undefined, wanted: Chart) {
  const query = askedOf(wanted);
  const every = 60_000;
  const hub = useRead('hubHealthChart', { query }, { enabled: slug === undefined, every, keep: true });
  const input = { params: { slug: slug ?? '' }, query };
  const own = useRead('tenantHealthChart', input, { enabled: slug !== undefined, every, keep: true });
  return slug === undefined ? hub : own;
}
