import { useMemo } from 'react';
import { useRead } from '../../api/queries.ts';
import { createSession, type Session } from '../../app/rights.ts';
import { useSession } from '../../app/session.ts';

/** The session with what whoever is signed in was allowed for a while at an institution. */
export function useRaisedSession(slug: string): Session {
  const session = useSession();
  const { who, can } = session;
  const raised = useRead(
    'listRaisedRights',
    { params: { slug } },
    { every: 30_000, enabled: can('break-glass:write') },
  );
  const all = raised.data?.raisedRights;
  return useMemo(() => {
    const own = all?.filter(({ active, operatorId }) => active && operatorId === who?.operatorId) ?? [];
    return own.length === 0
      ? session
      : createSession(
          who,
          own.flatMap(({ scopes }) => scopes),
        );
  }, [all, who, session]);
}
