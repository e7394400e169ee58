import { createContext, use } from 'react';
import { type ApiScope, enoughFor } from '../../../contracts/http/scopes.ts';
import type { Reply } from '../api/contracts.ts';

/** Who is signed in, or nobody yet: then nothing is allowed. */
export interface Session {
  readonly who: Reply<'showOwnSession'> | null;
  readonly csrfToken: string | null;
  /** Whether the hub will allow it; the hub decides by itself, this only spares people dead ends. */
  can(scope: ApiScope): boolean;
}

/** The session of somebody, or of nobody. */
export function createSession(who: Reply<'showOwnSession'> | null): Session {
  return {
    who,
    csrfToken: who?.csrfToken ?? null,
    can: (scope) => who !== null && enoughFor(scope).some((enough) => who.scopes.includes(enough)),
  };
}

export const SessionContext = createContext<Session>(createSession(null));

export function useSession(): Session {
  return use(SessionContext);
}

/** Whoever is signed in. @throws Error on pages that are shown to nobody else */
export function useWho(): Reply<'showOwnSession'> {
  const { who } = useSession();
  if (who === null) throw new Error('This page is for people who are signed in');
  return who;
}
