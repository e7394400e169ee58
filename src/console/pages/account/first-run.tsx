import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Note } from '../../parts/note.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { LonePage } from './lone-page.tsx';
import { useLinkToken, useSignedIn } from './use-sign-in.ts';

/** Makes the first account of a hub, by the link that its first start printed. */
export function FirstRun() {
  const { text } = useLanguage();
  const token = useLinkToken();
  const onSuccess = useSignedIn();
  const complete = useWrite('completeFirstRun');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { text: typed, secret } = readSent(event);
    const body = { token, name: typed('name'), email: typed('email'), password: secret('password') };
    complete.mutate({ body }, { onSuccess });
  };
  return (
    <LonePage title={text('firstRun.title')} about={text('firstRun.about')}>
      {token === '' ? (
        <Note tone="warn">{text('link.missing')}</Note>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              name="name"
              label={text('account.name')}
              autoComplete="name"
              maxLength={200}
              required
            />
            <TextInput
              name="email"
              type="email"
              label={text('signIn.email')}
              autoComplete="username"
              required
            />
            <NewPassword />
            {complete.isError && <FailureNote error={complete.error} />}
            <Button type="submit" loading={complete.isPending}>
              {text('firstRun.go')}
            </Button>
          </Stack>
        </form>
      )}
    </LonePage>
  );
}

/** Asks for a new password; password managers are welcome. */
export function NewPassword() {
  const { text } = useLanguage();
  return (
    <PasswordInput
      name="password"
      label={text('account.newPassword')}
      description={text('account.newPassword.about')}
      autoComplete="new-password"
      minLength={12}
      maxLength={200}
      required
      visibilityToggleButtonProps={{ 'aria-label': text('signIn.showPassword') }}
    />
  );
}
