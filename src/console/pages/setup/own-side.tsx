import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useRead, useWrite } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Values } from './copy.tsx';

/** What the identity provider has to know of the hub, and whether it answers. */
export function OwnSide({ slug, connectionId }: { slug: string; connectionId: string }) {
  const { text } = useLanguage();
  const params = { slug, connectionId };
  const shown = useRead('showOwnSide', { params });
  const check = useWrite('checkIdentity');
  const { mayCall } = useSession();
  return (
    <Stack gap="sm">
      <Loaded of={shown}>
        {({ addresses, advice }) => (
          <>
            {(advice !== null || addresses.length > 0) && (
              <Title order={3}>{text('setup.identity.ownSide')}</Title>
            )}
            {advice !== null && <Text size="sm">{advice}</Text>}
            {addresses.length > 0 && <Values label={text('setup.identity.ownSide')} of={addresses} />}
          </>
        )}
      </Loaded>
      {mayCall('checkIdentity') && (
        <Group>
          <Button
            variant="default"
            size="xs"
            loading={check.isPending}
            onClick={() => check.mutate({ params, body: {} })}
          >
            {text('setup.identity.check')}
          </Button>
        </Group>
      )}
      {check.data && (
        <Note
          tone={check.data.well ? 'good' : 'bad'}
          role="status"
          title={text(check.data.well ? 'setup.identity.check.well' : 'setup.identity.check.badly')}
        >
          <ul>
            {check.data.steps.map(({ at, step, reason, advice }) => (
              <li key={`${at} ${step}`}>
                {step.replaceAll('_', ' ')} ({at}){reason !== null && `: ${advice ?? reason}`}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {check.isError && <FailureNote error={check.error} />}
    </Stack>
  );
}
