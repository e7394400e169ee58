import { Group } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { InstitutionField } from '../../parts/institution-field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { claimTones } from './deployment-claims.tsx';

type Claim = Reply<'listHubDeploymentClaims'>['claims'][number];
const states = ['waiting', 'claimed', 'refused'] as const;

/** Deployments of hub-wide registrations: their launches wait until somebody says which institution they are. */
export function HubClaims() {
  const { text, count } = useLanguage();
  const [url, change] = useUrlState();
  const status = oneOf(states, url.claims);
  const query = { limit: 50, ...defined({ status, after: url.after }) };
  const claims = useRead('listHubDeploymentClaims', { query }, { keep: true });
  return (
    <Section title={text('claims.title')}>
      <Loaded of={claims}>
        {(data) => (
          <DataTable
            name="hub-claims"
            label={text('claims.title')}
            rows={data.claims}
            rowKey={({ registrationId, deploymentId }) => `${registrationId} ${deploymentId}`}
            empty={text('claims.empty')}
            filters={
              <Choice
                label={text('overview.state')}
                value={status}
                options={states.map((value) => ({ value, label: text(`claimState.${value}`) }))}
                onChange={(value) => change({ claims: value })}
              />
            }
            columns={[
              {
                key: 'deploymentId',
                header: text('lms.deployment'),
                cell: ({ deploymentId }) => <span className="code">{deploymentId}</span>,
                value: ({ deploymentId }) => deploymentId,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: (row) => <Tag tone={claimTones[row.status]}>{text(`claimState.${row.status}`)}</Tag>,
                value: (row) => row.status,
              },
              {
                key: 'launches',
                header: text('nav.launches'),
                end: true,
                cell: ({ launches }) => count(launches),
                value: ({ launches }) => launches,
              },
              {
                key: 'lastSeenAt',
                header: text('claims.lastSeen'),
                cell: ({ lastSeenAt }) => <When at={lastSeenAt} relative />,
                value: ({ lastSeenAt }) => lastSeenAt,
              },
              {
                key: 'act',
                header: text('table.actions'),
                cell: (claim) => <ClaimActs claim={claim} />,
              },
            ]}
            pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
          />
        )}
      </Loaded>
    </Section>
  );
}

function ClaimActs({ claim: { registrationId, deploymentId, status } }: { claim: Claim }) {
  const { text } = useLanguage();
  if (status === 'claimed') return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Ask
        name="claimHubDeployment"
        label={text('claims.claim')}
        reason="asked"
        input={(entered) => ({
          body: {
            ...{ registrationId, deploymentId, slug: entered.text('slug') },
            ...defined({ reason: entered.given('reason') }),
          },
        })}
      >
        <p>{text('hubLms.claim.about', { deployment: deploymentId })}</p>
        <InstitutionField name="slug" />
      </Ask>
      {status === 'waiting' && (
        <Act
          name="refuseHubDeployment"
          label={text('claims.refuse')}
          input={(reason) => ({ body: { registrationId, deploymentId, ...withReason(reason) } })}
          danger
        >
          {text('hubLms.refuse.about')}
        </Act>
      )}
    </Group>
  );
}
