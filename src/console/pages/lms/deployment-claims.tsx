import { Group } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';

type Claim = Reply<'listDeploymentClaims'>['claims'][number];

export const claimTones: Readonly<Record<Claim['status'], Tone>> = {
  waiting: 'warn',
  claimed: 'good',
  refused: 'calm',
};

/** Deployments that launches came from and that nobody has claimed: those launches wait. */
export function DeploymentClaims({ slug }: { slug: string }) {
  const { text, count } = useLanguage();
  const [url, change] = useUrlState();
  const query = { limit: 50, ...defined({ after: url.after }) };
  const claims = useRead('listDeploymentClaims', { params: { slug }, query }, { keep: true });
  return (
    <Section title={text('claims.title')}>
      <Loaded of={claims}>
        {(data) => (
          <DataTable
            plain
            name="claims"
            label={text('claims.title')}
            rows={data.claims}
            rowKey={({ connectionId, deploymentId }) => `${connectionId} ${deploymentId}`}
            empty={text('claims.empty')}
            columns={[
              {
                key: 'deploymentId',
                header: text('lms.deployment'),
                cell: ({ deploymentId }) => <span className="code">{deploymentId}</span>,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: ({ status }) => <Tag tone={claimTones[status]}>{text(`claimState.${status}`)}</Tag>,
              },
              {
                key: 'launches',
                header: text('nav.launches'),
                end: true,
                cell: ({ launches }) => count(launches),
              },
              {
                key: 'lastSeenAt',
                header: text('claims.lastSeen'),
                cell: ({ lastSeenAt }) => <When at={lastSeenAt} relative />,
              },
              {
                key: 'act',
                header: text('table.actions'),
                cell: (claim) => <ClaimActs slug={slug} claim={claim} />,
              },
            ]}
            pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
          />
        )}
      </Loaded>
    </Section>
  );
}

function ClaimActs({ slug, claim: { connectionId, deploymentId, status } }: { slug: string; claim: Claim }) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (!can('lms:write') || status === 'claimed') return null;
  const input = (reason: string | undefined) => ({
    params: { slug },
    body: { connectionId, deploymentId, ...withReason(reason) },
  });
  return (
    <Group gap="xs" wrap="nowrap">
      <Act name="claimDeployment" label={text('claims.claim')} input={input}>
        {text('claims.claim.about')}
      </Act>
      {status === 'waiting' && (
        <Act name="refuseDeployment" label={text('claims.refuse')} input={input} danger>
          {text('claims.refuse.about')}
        </Act>
      )}
    </Group>
  );
}
