import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';

/** What the hub can speak to, how many institutions use it, and how it does. */
export function PartnersPage() {
  const { text, count } = useLanguage();
  const partners = useRead('listPartners', {});
  return (
    <Page title={text('nav.partners')} about={text('partners.about')}>
      <Loaded of={partners} lines={8}>
        {(data) => (
          <DataTable
            name="partners"
            label={text('nav.partners')}
            rows={data.partners}
            rowKey={({ partner, kind }) => `${partner} ${kind}`}
            empty={text('word.none')}
            columns={[
              {
                key: 'title',
                header: text('overview.name'),
                cell: ({ title }) => title,
                value: ({ title }) => title,
              },
              {
                key: 'kind',
                header: text('health.kind'),
                cell: ({ kind }) => text(`connection.${kind}`),
                value: ({ kind }) => kind,
              },
              {
                key: 'tenants',
                header: text('nav.institutions'),
                end: true,
                cell: ({ tenants }) => count(tenants),
                value: ({ tenants }) => tenants,
              },
              {
                key: 'connections',
                header: text('overview.connections'),
                end: true,
                cell: ({ connections }) => count(connections),
                value: ({ connections }) => connections,
              },
              {
                key: 'health',
                header: text('nav.health'),
                cell: ({ partner, connections }) =>
                  connections === 0 ? (
                    '–'
                  ) : (
                    <TextLink to="/health" search={{ partner, window: '28d' }}>
                      {text('partners.health', { partner })}
                    </TextLink>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
