import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { SwitchTag } from '../tools/switch-tag.tsx';
import { FamilySelect, readFamily } from './family-select.tsx';
import { HubClaims } from './hub-claims.tsx';
import { LmsFields, readLms } from './lms-fields.tsx';

/** Vendors with which the hub is registered once for all their schools, and whose their deployments are. */
export function HubLmsList() {
  const { text } = useLanguage();
  const registrations = useRead('listHubLms', {});
  return (
    <Page title={text('nav.hubLms')} about={text('hubLms.about')} actions={<ConnectHubLms />}>
      <Loaded of={registrations}>
        {(data) => (
          <DataTable
            plain
            name="hub-lms"
            label={text('nav.hubLms')}
            rows={data.registrations}
            rowKey={({ registrationId }) => registrationId}
            empty={text('hubLms.empty')}
            columns={[
              {
                key: 'family',
                header: text('lms.family'),
                cell: ({ registrationId, family }) => (
                  <TextLink to="/lms/$registrationId" params={{ registrationId }}>
                    {text(`family.${family}`)}
                  </TextLink>
                ),
              },
              { key: 'issuer', header: text('lms.issuer'), cell: ({ issuer }) => issuer },
              {
                key: 'clientId',
                header: text('lms.clientId'),
                cell: ({ clientId }) => <span className="code">{clientId}</span>,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: ({ status }) => <SwitchTag state={status} />,
              },
            ]}
          />
        )}
      </Loaded>
      <HubClaims />
    </Page>
  );
}

function ConnectHubLms() {
  const { text } = useLanguage();
  return (
    <Ask
      name="connectHubLms"
      label={text('hubLms.connect')}
      primary
      reason="asked"
      input={(entered) => ({ body: { ...readLms(entered), family: readFamily(entered) } })}
    >
      <FamilySelect />
      <LmsFields />
    </Ask>
  );
}
