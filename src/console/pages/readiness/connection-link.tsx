import type { ReactNode } from 'react';
import type { OnboardingKind } from '../../../../contracts/onboarding.ts';
import { TextLink } from '../../parts/links.tsx';

/** Opens the page of a connection, or of all of its kind where one has no page of its own. */
export function ConnectionLink({
  slug,
  kind,
  connectionId,
  children,
}: {
  slug: string;
  kind: OnboardingKind;
  connectionId: string;
  children: ReactNode;
}) {
  const params = { slug, connectionId };
  if (kind === 'roster') {
    return (
      <TextLink to="/institutions/$slug/rosters/$connectionId" params={params}>
        {children}
      </TextLink>
    );
  }
  if (kind === 'lms') {
    return (
      <TextLink to="/institutions/$slug/lms/$connectionId" params={params}>
        {children}
      </TextLink>
    );
  }
  return (
    <TextLink
      to={kind === 'identity' ? '/institutions/$slug/identities' : '/institutions/$slug/grades'}
      params={{ slug }}
    >
      {children}
    </TextLink>
  );
}
