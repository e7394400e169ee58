import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useRef } from 'react';
import { useRead, useWrite } from '../../api/queries.ts';
import { useWho } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { When } from '../../parts/when.tsx';
import { NewPassword } from './first-run.tsx';
import { OwnSecondFactor } from './own-second-factor.tsx';
import { OwnSchool } from './school-ways.tsx';

/** What the hub knows of whoever is signed in, and what they may change of it. */
export function OwnAccount() {
  const { text } = useLanguage();
  const { name, email, roles, tenantSlug, endsAt, setupSteps } = useWho();
  return (
    <Page title={text('account.title')}>
      <Facts
        of={[
          [text('account.name'), name],
          [text('signIn.email'), email],
          [text('account.roles'), roles.map((role) => text(`role.${role}`)).join(', ')],
          [text('account.reaches'), tenantSlug ?? text('account.reaches.all')],
          [text('account.until'), <When key="until" at={endsAt} />],
        ]}
      />
      <OwnSecondFactor />
      {tenantSlug !== null && setupSteps === null && <OwnSchool slug={tenantSlug} />}
      <OwnPassword />
      <OwnSessions />
    </Page>
  );
}

function OwnPassword() {
  const { text } = useLanguage();
  const { hasPassword } = useWho();
  const form = useRef<HTMLFormElement>(null);
  const change = useWrite('changeOwnPassword');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { secret } = readSent(event);
    const body = { password: secret('password'), ...(hasPassword ? { current: secret('current') } : {}) };
    change.mutate({ body }, { onSuccess: () => form.current?.reset() });
  };
  return (
    <Section title={text('account.password')}>
      <form onSubmit={submit} ref={form}>
        <Stack gap="sm" maw={380} align="stretch">
          {!hasPassword && <Text size="sm">{text('account.fresh')}</Text>}
          {hasPassword && (
            <PasswordInput
              name="current"
              label={text('account.currentPassword')}
              autoComplete="current-password"
              required
              visibilityToggleButtonProps={{ 'aria-label': text('signIn.showPassword') }}
            />
          )}
          <NewPassword />
          {change.isError && <FailureNote error={change.error} />}
          {change.isSuccess && <Text role="status">{text('account.passwordChanged')}</Text>}
          <Button type="submit" variant="default" loading={change.isPending}>
            {text('account.changePassword')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

function OwnSessions() {
  const { text } = useLanguage();
  const sessions = useRead('listOwnSessions', {});
  const end = useWrite('endOwnSession');
  return (
    <Section title={text('account.sessions')}>
      {end.isError && <FailureNote error={end.error} />}
      <Loaded of={sessions}>
        {(reply) => (
          <DataTable
            plain
            name="own-sessions"
            label={text('account.sessions')}
            rows={reply.sessions}
            rowKey={({ sessionId }) => sessionId}
            empty={text('word.none')}
            columns={[
              {
                key: 'startedAt',
                header: text('account.session.started'),
                cell: ({ startedAt }) => <When at={startedAt} />,
              },
              {
                key: 'by',
                header: text('account.session.by'),
                cell: ({ by }) => text(`account.by.${by}`),
              },
              {
                key: 'seenAt',
                header: text('account.session.seen'),
                cell: ({ seenAt }) => <When at={seenAt} relative />,
              },
              {
                key: 'end',
                header: text('table.actions'),
                cell: ({ isThis, sessionId }) =>
                  isThis ? (
                    text('account.session.this')
                  ) : (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => end.mutate({ params: { sessionId } })}
                    >
                      {text('account.session.end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
