import { Button, Divider, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useEffect } from 'react';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { NewPassword } from './first-run.tsx';
import { LonePage } from './lone-page.tsx';
import { AcceptBySchool } from './school-ways.tsx';
import { useLinkToken, useSignedIn } from './use-sign-in.ts';

/** Accepts an invitation, or sets a new password by a link for that. */
export function AcceptInvitation() {
  const { text } = useLanguage();
  const token = useLinkToken();
  const onSuccess = useSignedIn();
  const shown = useWrite('showInvitation');
  const accept = useWrite('acceptInvitation');
  const { mutate: show } = shown;
  useEffect(() => show({ body: { token } }), [show, token]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { text: typed, secret } = readSent(event);
    accept.mutate({ body: { token, name: typed('name'), password: secret('password') } }, { onSuccess });
  };
  return (
    <LonePage title={text('invitation.title')}>
      {shown.isError && <FailureNote error={shown.error} />}
      {shown.data && shown.data.ways.length > 0 && (
        <>
          <AcceptBySchool token={token} ways={shown.data.ways} />
          <Divider label={text('school.or')} />
        </>
      )}
      {shown.data && (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label={text('signIn.email')}
              name="email"
              autoComplete="username"
              value={shown.data.email}
              readOnly
            />
            <TextInput
              name="name"
              label={text('account.name')}
              autoComplete="name"
              defaultValue={shown.data.name}
              maxLength={200}
              required
            />
            <NewPassword />
            {accept.isError && <FailureNote error={accept.error} />}
            <Button type="submit" loading={accept.isPending}>
              {text('invitation.go')}
            </Button>
          </Stack>
        </form>
      )}
    </LonePage>
  );
}
