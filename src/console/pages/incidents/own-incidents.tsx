import { useLanguage } from '../../i18n/language.ts';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { IncidentTable } from './incident-table.tsx';

/** Incidents of one institution. */
export function OwnIncidents() {
  const { text } = useLanguage();
  return (
    <Page title={text('nav.incidents')}>
      <IncidentTable slug={usePathValue('slug')} />
    </Page>
  );
}
