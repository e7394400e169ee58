import { Outlet, useLocation } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useRead } from '../api/queries.ts';
import { AcceptInvitation } from '../pages/account/accept-invitation.tsx';
import { FirstRun } from '../pages/account/first-run.tsx';
import { SignIn } from '../pages/account/sign-in.tsx';
import { SignInLink } from '../pages/account/sign-in-link.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { createSession } from './rights.ts';
import { SessionContext } from './session.ts';
import { Shell } from './shell.tsx';

/** Pages that are there for whoever holds a one-time link, by their path. */
const byLink: Readonly<Record<string, () => React.ReactNode>> = {
  '/first-run': FirstRun,
  '/invitation': AcceptInvitation,
  '/sign-in': SignInLink,
};

/** Lets in who is signed in, and shows everybody else how; the address stays, so that they end up where they wanted. */
export function Gate() {
  const { pathname } = useLocation();
  const own = useRead('showOwnSession', {});
  // Null stands for a session that has ended meanwhile.
  const who = own.data ?? null;
  const session = useMemo(() => createSession(who), [who]);
  const LinkPage = byLink[pathname];
  if (LinkPage !== undefined) return <LinkPage />;
  if (who !== null) {
    return (
      <SessionContext value={session}>
        <Shell>
          <Outlet />
        </Shell>
      </SessionContext>
    );
  }
  if (own.isPending) return null;
  if (own.isError && own.error.status !== 401) {
    return (
      <main className="lone">
        <FailureNote error={own.error} retry={() => void own.refetch()} />
      </main>
    );
  }
  return <SignIn />;
}
