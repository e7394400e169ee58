import { useQueries } from '@tanstack/react-query';
import type { WindowName } from '../../../../contracts/health.ts';
import { callEndpoint } from '../../api/call.ts';
import type { CallInput, Reply } from '../../api/contracts.ts';
import { type Session, useSession } from '../../app/session.ts';
import type { Numbers } from './rate.tsx';
import { planStretches, type Stretch } from './series.ts';

export interface Point extends Stretch {
  /** Undefined while it is on its way, and where nothing ended. */
  numbers: Numbers | undefined;
}

type Query = NonNullable<CallInput<'tenantHealth'>['query']>;
type Filter = Pick<Query, 'partner' | 'kind'>;

async function ask(
  session: Session,
  slug: string | undefined,
  query: Query,
  signal: AbortSignal,
): Promise<Reply<'hubHealth'>> {
  return slug === undefined
    ? callEndpoint<'hubHealth'>(session, 'hubHealth', { query }, signal)
    : callEndpoint<'tenantHealth'>(session, 'tenantHealth', { params: { slug }, query }, signal);
}

/** Numbers of every stretch of a window. Those of stretches that are over do not change, and are kept. */
export function useSeries(
  slug: string | undefined,
  window: WindowName,
  filter: Filter,
  now: number,
): { points: Point[]; isPending: boolean } {
  const session = useSession();
  const stretches = planStretches(window, now);
  const results = useQueries({
    queries: stretches.map(({ from, to }) => ({
      queryKey: ['series', slug ?? null, filter, from, to],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const query: Query = { from, to, ...filter };
        const { groups } = await ask(session, slug, query, signal);
        return groups[0]?.numbers ?? null;
      },
      staleTime: Date.parse(to) <= now - 600_000 ? Number.POSITIVE_INFINITY : 30_000,
    })),
  });
  const points = stretches.map((stretch, index) => ({
    ...stretch,
    numbers: results[index]?.data ?? undefined,
  }));
  return { points, isPending: results.some(({ isPending }) => isPending) };
}
