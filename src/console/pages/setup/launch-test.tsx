import { Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Note } from '../../parts/note.tsx';
import { LaunchSteps } from '../launches/trace.tsx';

/** Follows the newest launch of a connection, step by step while it happens. */
export function LaunchTest({ slug, connectionId }: { slug: string; connectionId: string }) {
  const { text } = useLanguage();
  // Launches of a quarter of an hour, so that one made just before the page was opened counts too.
  const [since] = useState(() => new Date(Date.now() - 15 * 60_000).toISOString());
  const query = { since, limit: 10 };
  const found = useRead('listLaunches', { params: { slug }, query }, { every: 2_000 });
  // One that failed early does not know its connection: it is shown, for it may be the one that is waited for.
  const launch = found.data?.launches.find(
    (each) => each.from === 'lms' && [connectionId, null].includes(each.connectionId),
  );
  const trace = useRead(
    'showLaunch',
    { params: { slug, reference: launch?.reference ?? '' } },
    {
      enabled: launch !== undefined,
      every: 2_000,
      isLast: ({ launches }) => launches.every(({ outcome }) => outcome !== null),
    },
  );
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.launch.title')}</Title>
      <Text size="sm">{text('setup.launch.about')}</Text>
      <WaitingDeployments slug={slug} connectionId={connectionId} />
      {launch === undefined ? (
        <Text role="status" c="dimmed" size="sm">
          {text('setup.launch.waiting')}
        </Text>
      ) : (
        trace.data?.launches.map((each) => <LaunchSteps key={each.launchId} launch={each} />)
      )}
    </Stack>
  );
}

/** Deployments of the connection whose launches wait: where its id was not entered, the first launch brings it. */
function WaitingDeployments({ slug, connectionId }: { slug: string; connectionId: string }) {
  const { text } = useLanguage();
  const { mayCall } = useSession();
  const found = useRead(
    'listDeploymentClaims',
    { params: { slug }, query: { connectionId, status: 'waiting', limit: 50 } },
    { enabled: mayCall('claimDeployment'), every: 2_000 },
  );
  return found.data?.claims.map(({ deploymentId }) => (
    <Note key={deploymentId} tone="warn" role="status">
      <Group gap="sm">
        <Text size="sm">{text('setup.launch.waits', { deployment: deploymentId })}</Text>
        <Act
          name="claimDeployment"
          label={text('setup.launch.ours')}
          input={(reason) => ({
            params: { slug },
            body: { connectionId, deploymentId, ...withReason(reason) },
          })}
          primary
        >
          {text('claims.claim.about')}
        </Act>
      </Group>
    </Note>
  ));
}
