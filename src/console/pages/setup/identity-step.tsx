import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useRead, useWrite } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Connections } from './connections.tsx';
import { Values } from './copy.tsx';
import { NewIdentity } from './new-identity.tsx';
import type { StepProps } from './setup.tsx';
import { SignInTest } from './sign-in-test.tsx';

/** The identity provider or directory, what it has to know of the hub, and a test sign-in. */
export function IdentityStep({ slug, setup }: StepProps) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (!can('identities:write')) return <Text>{text('setup.readOnly')}</Text>;
  return (
    <Connections setup={setup} kind="identity" make={(onMade) => <NewIdentity slug={slug} onMade={onMade} />}>
      {({ connectionId }) => (
        <Stack gap="lg" key={connectionId}>
          <OwnSide slug={slug} connectionId={connectionId} />
          <SignInTest slug={slug} connectionId={connectionId} />
        </Stack>
      )}
    </Connections>
  );
}

function OwnSide({ slug, connectionId }: { slug: string; connectionId: string }) {
  const { text } = useLanguage();
  const params = { slug, connectionId };
  const shown = useRead('showOwnSide', { params });
  const check = useWrite('checkIdentity');
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.identity.ownSide')}</Title>
      <Loaded of={shown}>
        {({ addresses, advice }) => (
          <>
            {advice !== null && <Text size="sm">{advice}</Text>}
            {addresses.length > 0 && <Values label={text('setup.identity.ownSide')} of={addresses} />}
          </>
        )}
      </Loaded>
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
