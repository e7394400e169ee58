import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import type { FormEvent } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead, useWrite } from '../../api/queries.ts';
import { useWho } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Section } from '../../parts/page.tsx';
import { readSent } from '../../parts/read-sent.ts';

type Way = Reply<'showSchoolSignIn'>['ways'][number];

/** Goes off to the institution's own sign-in. A form would be held back: the console's forms lead to the console alone. */
const setOut = ({ startPath }: { startPath: string }) => window.location.assign(startPath);

/** The ways by which an institution's admins sign in by their own sign-in; they come back to the page that they wanted. */
export function SchoolSignIn({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const found = useRead('showSchoolSignIn', { params: { slug } });
  const returnTo = new URLSearchParams({ returnTo: window.location.pathname });
  return (
    <Loaded of={found} lines={1}>
      {({ ways }) =>
        ways.length === 0 ? (
          <Note tone="warn" role="status" title={text('school.none')} />
        ) : (
          <Stack gap="xs" role="status">
            {ways.map(({ connectionId, name, startPath }) => (
              <Button key={connectionId} component="a" href={`${startPath}?${returnTo}`} variant="default">
                {text('signIn.company', { name })}
              </Button>
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

/** Accepts an invitation by the institution's own sign-in: no password is needed then. */
export function AcceptBySchool({ token, ways }: { token: string; ways: readonly Way[] }) {
  const { text } = useLanguage();
  const accept = useWrite('acceptBySchool');
  return (
    <Stack gap="xs">
      <Text size="sm">{text('school.accept.about')}</Text>
      {ways.map(({ connectionId, name }) => (
        <Button
          key={connectionId}
          variant="default"
          loading={accept.isPending}
          onClick={() => accept.mutate({ body: { token, connectionId } }, { onSuccess: setOut })}
        >
          {text('signIn.company', { name })}
        </Button>
      ))}
      {accept.isError && <FailureNote error={accept.error} />}
    </Stack>
  );
}

/** Links one's own account with the institution's own sign-in. */
export function OwnSchool({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { isLinked } = useWho();
  const found = useRead('showSchoolSignIn', { params: { slug } });
  const ways = found.data?.ways ?? [];
  if (ways.length === 0 && !isLinked) return null;
  return (
    <Section title={text('school.own')}>
      <Stack gap="sm" maw={560}>
        <Text>{text(isLinked ? 'school.own.linked' : 'school.own.open')}</Text>
        {!isLinked && ways.map((way) => <LinkForm key={way.connectionId} way={way} />)}
      </Stack>
    </Section>
  );
}

function LinkForm({ way: { connectionId, name } }: { way: Way }) {
  const { text } = useLanguage();
  const { hasPassword } = useWho();
  const link = useWrite('linkOwnSchool');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const current = readSent(event).secret('current');
    const body = { connectionId, ...(hasPassword ? { current } : {}) };
    link.mutate({ body }, { onSuccess: setOut });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        {hasPassword && (
          <PasswordInput
            name="current"
            label={text('account.currentPassword')}
            autoComplete="current-password"
            required
            w={260}
            visibilityToggleButtonProps={{ 'aria-label': text('signIn.showPassword') }}
          />
        )}
        <Button type="submit" variant="default" loading={link.isPending}>
          {text('school.own.link', { name })}
        </Button>
        {link.isError && <FailureNote error={link.error} />}
      </Stack>
    </form>
  );
}
