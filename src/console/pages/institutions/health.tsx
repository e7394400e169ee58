import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { ExchangesView } from '../health/exchanges.tsx';
import { HealthTabs } from '../health/health-tabs.tsx';
import { HealthView } from '../health/health-view.tsx';

/** How the integrations of one institution go. */
export function InstitutionHealth() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  return (
    <Page title={text('nav.health')} above={<HealthTabs slug={slug} />}>
      <HealthView slug={slug} />
    </Page>
  );
}

/** The exchanges behind a number of one institution. */
export function InstitutionExchanges() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  return (
    <Page
      title={text('exchanges.title')}
      above={
        <TextLink to="/institutions/$slug/health" params={{ slug }}>
          {text('nav.health')}
        </TextLink>
      }
    >
      <ExchangesView slug={slug} />
    </Page>
  );
}
