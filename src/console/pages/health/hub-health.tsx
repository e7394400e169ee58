import { useLanguage } from '../../i18n/language.ts';
import { Page } from '../../parts/page.tsx';
import { HealthView } from './health-view.tsx';

/** The managers' page: how integrations go over all institutions. */
export function HubHealth() {
  const { text } = useLanguage();
  return (
    <Page title={text('health.title')} about={text('health.about')}>
      <HealthView />
    </Page>
  );
}
