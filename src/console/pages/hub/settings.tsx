import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Operators } from './operators.tsx';

/** Who works at the hub, and how it is set up. */
export function SettingsPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  return (
    <Page title={text('nav.settings')}>
      {can('operators:read') && <Operators />}
      <Environment />
    </Page>
  );
}

function Environment() {
  const { text } = useLanguage();
  const settings = useRead('showSettings', {});
  return (
    <Section title={text('settings.environment')}>
      <Loaded of={settings}>
        {(data) => (
          <DataTable
            plain
            name="settings"
            label={text('settings.version', { version: data.version })}
            rows={data.settings}
            rowKey={({ name }) => name}
            empty={text('word.none')}
            columns={[
              {
                key: 'name',
                header: text('overview.name'),
                cell: ({ name }) => <span className="code">{name}</span>,
              },
              {
                key: 'value',
                header: text('settings.value'),
                cell: ({ value, secret }) => {
                  if (value === null) return '–';
                  return secret ? text('settings.secret') : <span className="code">{value}</span>;
                },
              },
              { key: 'about', header: text('settings.about'), cell: ({ about }) => about },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
