import { useLanguage } from '../../i18n/language.ts';
import { Page } from '../../parts/page.tsx';
import { IncidentTable } from './incident-table.tsx';

/** Incidents of several institutions, and of the hub itself. */
export function HubIncidents() {
  const { text } = useLanguage();
  return (
    <Page title={text('nav.incidents')} about={text('incidents.about')}>
      <IncidentTable />
    </Page>
  );
}
