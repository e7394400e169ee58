import { Text } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { useLanguage } from '../i18n/language.ts';
import { TextLink } from '../parts/links.tsx';
import { Page } from '../parts/page.tsx';
import { useWho } from './session.ts';

/** Begins where whoever is signed in has most to do: at the hub's health, their own institution, or what a link set them to. */
export function Home() {
  const { tenantSlug, setupSteps } = useWho();
  if (tenantSlug === null) return <Navigate to="/health" replace />;
  if (setupSteps !== null) {
    return <Navigate to="/institutions/$slug/setup" params={{ slug: tenantSlug }} replace />;
  }
  return <Navigate to="/institutions/$slug" params={{ slug: tenantSlug }} replace />;
}

export function NotFound() {
  const { text } = useLanguage();
  return (
    <Page title={text('app.notFound')}>
      <Text>
        {text('app.notFound.advice')}{' '}
        <TextLink to="/" underline="always">
          {text('app.name')}
        </TextLink>
      </Text>
    </Page>
  );
}
