import { useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Reply } from '../../api/contracts.ts';

/**
 * The token of a one-time link. It comes behind the `#`, which browsers send nobody, and is taken out of the address so
 * that it stays in no history.
 */
export function useLinkToken(): string {
  const [token] = useState(() => {
    const found = window.location.hash.slice(1);
    if (found !== '') window.history.replaceState(null, '', window.location.pathname);
    return found;
  });
  return token;
}

/** Pages that are for one-time links only, and end with them. */
const linkPages = ['/sign-in', '/first-run', '/invitation'];

/** What follows once a call has signed somebody in: from the page of a link to the first page, else the page they wanted. */
export function useSignedIn(): (reply: Reply<'signInOperator'>) => void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (reply) => {
    if (reply.state === 'signed_in' && linkPages.includes(pathname))
      void navigate({ to: '/', replace: true });
  };
}
