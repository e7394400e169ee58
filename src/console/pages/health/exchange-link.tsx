import type { ReactNode } from 'react';
import { TextLink } from '../../parts/links.tsx';
import type { UrlValues } from '../../parts/url-values.ts';

/** Opens the rows behind a number. */
export function ExchangeLink({
  slug,
  search,
  children,
}: {
  slug: string | undefined;
  search: UrlValues;
  children: ReactNode;
}) {
  return slug === undefined ? (
    <TextLink to="/health/exchanges" search={search}>
      {children}
    </TextLink>
  ) : (
    <TextLink to="/institutions/$slug/exchanges" params={{ slug }} search={search}>
      {children}
    </TextLink>
  );
}
