import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ButtonLink, TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { SwitchTag } from '../tools/switch-tag.tsx';
import { DeploymentClaims } from './deployment-claims.tsx';
import { LmsInvitations } from './lms-invitations.tsx';

/** The LMSs of an institution: registrations, deployments nobody has claimed, set-up links and values to enter by hand. */
export function LmsList() {
  const { text } = useLanguage();
  const { mayCall } = useSession();
  const slug = usePathValue('slug');
  const registrations = useRead('listLms', { params: { slug } });
  return (
    <Page
      title={text('nav.lms')}
      about={text('lms.about')}
      actions={
        mayCall('connectLms') && (
          <ButtonLink to="/institutions/$slug/lms/new" params={{ slug }} size="xs">
            {text('lms.connect')}
          </ButtonLink>
        )
      }
    >
      <Loaded of={registrations}>
        {(data) => (
          <DataTable
            plain
            name="lms"
            label={text('nav.lms')}
            rows={data.registrations}
            rowKey={({ connectionId }) => connectionId}
            empty={text('lms.empty')}
            columns={[
              {
                key: 'issuer',
                header: text('lms.issuer'),
                cell: ({ connectionId, issuer }) => (
                  <TextLink to="/institutions/$slug/lms/$connectionId" params={{ slug, connectionId }}>
                    {issuer}
                  </TextLink>
                ),
              },
              { key: 'family', header: text('lms.family'), cell: ({ family }) => text(`family.${family}`) },
              {
                key: 'clientId',
                header: text('lms.clientId'),
                cell: ({ clientId }) => <span className="code">{clientId}</span>,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: (row) => <SwitchTag state={row.status} />,
              },
            ]}
          />
        )}
      </Loaded>
      <DeploymentClaims slug={slug} />
      <LmsInvitations slug={slug} />
    </Page>
  );
}
