import { createContext, use } from 'react';
import type { Reply } from '../api/contracts.ts';
import { createSession, type Session } from './rights.ts';

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
