import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { ButtonLink, TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { sourceTones } from '../rosters/tones.ts';

type Identity = Reply<'listIdentities'>['identities'][number];

/** Where the people of an institution sign in, and which certificates end soon. */
export function IdentityList() {
  const { text, day } = useLanguage();
  const { mayCall } = useSession();
  const slug = usePathValue('slug');
  const identities = useRead('listIdentities', { params: { slug } });
  return (
    <Page
      title={text('nav.identities')}
      about={text('identities.about')}
      actions={
        mayCall('connectIdentity') && (
          <ButtonLink to="/institutions/$slug/identities/new" params={{ slug }} size="xs">
            {text('setup.identity.connect')}
          </ButtonLink>
        )
      }
    >
      <Loaded of={identities}>
        {(data) => (
          <DataTable
            plain
            name="identities"
            label={text('nav.identities')}
            rows={data.identities}
            rowKey={({ connectionId }) => connectionId}
            empty={text('identities.empty')}
            columns={[
              {
                key: 'name',
                header: text('overview.name'),
                cell: ({ connectionId, name }) => (
                  <TextLink to="/institutions/$slug/identities/$connectionId" params={{ slug, connectionId }}>
                    {name}
                  </TextLink>
                ),
              },
              {
                key: 'protocol',
                header: text('identities.protocol'),
                cell: ({ protocol, preset }) => `${protocol.toUpperCase()} · ${preset.replaceAll('_', ' ')}`,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: ({ status }) => (
                  <Tag tone={sourceTones[status]}>{text(`connectionState.${status}`)}</Tag>
                ),
              },
              {
                key: 'warnings',
                header: text('identities.certificates'),
                cell: ({ warnings }) =>
                  warnings.length === 0
                    ? '–'
                    : warnings.map((warning) => (
                        <Tag key={warning.fingerprint} tone={warning.kind === 'expired' ? 'bad' : 'warn'}>
                          {text(`certificate.${warning.kind}`, { day: day(warning.validTo) })}
                        </Tag>
                      )),
              },
              {
                key: 'domains',
                header: text('identities.domains'),
                cell: ({ domains }) => domains.join(', ') || '–',
              },
              {
                key: 'act',
                header: text('table.actions'),
                cell: (row) => <IdentityAct slug={slug} identity={row} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function IdentityAct({ slug, identity }: { slug: string; identity: Identity }) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (!can('identities:write') || identity.status === 'disabled') return null;
  const input = (reason: string | undefined) => ({
    params: { slug, connectionId: identity.connectionId },
    body: withReason(reason),
  });
  return identity.status === 'active' ? (
    <Act name="pauseIdentity" label={text('rosters.pause')} input={input}>
      {text('identities.pause.about')}
    </Act>
  ) : (
    <Act name="resumeIdentity" label={text('rosters.resume')} input={input}>
      {text('identities.resume.about')}
    </Act>
  );
}
