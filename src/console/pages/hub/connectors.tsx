import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';

/** The code that speaks to roster sources: versions, what each can do, and who uses it. */
export function ConnectorsPage() {
  const { text, count, word } = useLanguage();
  const connectors = useRead('listHubConnectors', {});
  return (
    <Page title={text('nav.connectors')} about={text('connectors.about')}>
      <Loaded of={connectors}>
        {(data) => (
          <DataTable
            name="connectors"
            label={text('nav.connectors')}
            rows={data.connectors}
            rowKey={({ id }) => id}
            empty={text('word.none')}
            columns={[
              {
                key: 'title',
                header: text('overview.name'),
                cell: ({ title }) => title,
                value: ({ title }) => title,
              },
              {
                key: 'version',
                header: text('connectors.version'),
                cell: ({ version }) => <span className="code">{version}</span>,
                value: ({ version }) => version,
              },
              {
                key: 'entities',
                header: text('connectors.reads'),
                cell: ({ entities }) => entities.map((entity) => word('entity', entity)).join(', '),
                value: ({ entities }) => entities.join(' '),
              },
              {
                key: 'delta',
                header: text('connectors.delta'),
                cell: ({ delta }) => text(`connectors.delta.${delta}`),
                value: ({ delta }) => delta,
              },
              {
                key: 'tenants',
                header: text('nav.institutions'),
                end: true,
                cell: ({ tenants }) => count(tenants),
                value: ({ tenants }) => tenants,
              },
              {
                key: 'lastRunVersions',
                header: text('connectors.lastRuns'),
                cell: ({ lastRunVersions }) =>
                  lastRunVersions.map((each) => `${each.version} × ${each.connections}`).join(', ') || '–',
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
