import { Stack, Text } from '@mantine/core';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Connections } from './connections.tsx';
import { NewIdentity } from './new-identity.tsx';
import { OwnSide } from './own-side.tsx';
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
