import { Text } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { useLanguage } from '../i18n/language.ts';
import { TextLink } from '../parts/links.tsx';
import { Page } from '../parts/page.tsx';
import { useWho } from './session.ts';

/** Begins where whoever is signed in has most to see: the hub's health, or their own institution. */
export function Home() {
  const { tenantSlug } = useWho();
  if (tenantSlug === null) return <Navigate to="/health" replace />;
  return <Navigate to="/institutions/$slug" params={{ slug: tenantSlug }} replace />;
}

export function NotFound() {
  const { text } = useLanguage();
  return (
    <Page title={text('app.notFound')}>
      <Text>
        {text('app.notFound.advice')} <TextLink to="/">{text('app.name')}</TextLink>
      </Text>
    </Page>
  );
}
