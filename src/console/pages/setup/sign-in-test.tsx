import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useRead, useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { SignInRules } from '../identities/sign-in-trace.tsx';

/** A test sign-in in a tab of its own, which shows every attribute; here stands how it went, rule by rule. */
export function SignInTest({ slug, connectionId }: { slug: string; connectionId: string }) {
  const { text } = useLanguage();
  const make = useWrite('makeTestLink');
  const link = make.data?.address;
  const found = useRead(
    'listSignIns',
    { params: { slug }, query: { connectionId, limit: 1 } },
    { every: 2_000 },
  );
  const last = found.data?.signIns[0];
  const trace = useRead(
    'showSignIn',
    { params: { slug, reference: last?.reference ?? '' } },
    { enabled: last !== undefined },
  );
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.signIn.title')}</Title>
      <Text size="sm">{text('setup.signIn.about')}</Text>
      <Group gap="md">
        <Button
          variant={link === undefined ? 'filled' : 'default'}
          loading={make.isPending}
          onClick={() => make.mutate({ params: { slug, connectionId }, body: {} })}
        >
          {text('setup.signIn.make')}
        </Button>
        {link !== undefined && (
          <Anchor href={link} target="_blank" rel="noopener noreferrer">
            {text('setup.signIn.open')}
          </Anchor>
        )}
      </Group>
      {make.isError && <FailureNote error={make.error} />}
      {last === undefined ? (
        <Text role="status" c="dimmed" size="sm">
          {text('setup.signIn.waiting')}
        </Text>
      ) : (
        trace.data?.signIns
          .filter(({ signInId }) => signInId === last.signInId)
          .map((each) => <SignInRules key={each.signInId} signIn={each} />)
      )}
    </Stack>
  );
}
