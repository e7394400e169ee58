import { Button, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { LonePage } from './lone-page.tsx';
import { useSignedIn } from './use-sign-in.ts';

/** Asks for the code of the authenticator, or a recovery code: it may be pasted (WCAG 2.2 §3.3.8). */
export function SecondFactor({ onOver }: { onOver: () => void }) {
  const { text } = useLanguage();
  const onSuccess = useSignedIn();
  const give = useWrite('giveSecondFactor');
  const submit = (event: FormEvent<HTMLFormElement>) =>
    give.mutate({ body: { code: readSent(event).text('code') } }, { onSuccess });
  return (
    <LonePage title={text('secondFactor.title')} about={text('secondFactor.about')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            name="code"
            label={text('secondFactor.code')}
            autoComplete="one-time-code"
            data-autofocus
            autoFocus
            required
            withAsterisk={false}
          />
          {give.isError && <FailureNote error={give.error} />}
          <Button type="submit" loading={give.isPending}>
            {text('signIn.go')}
          </Button>
          <Button variant="subtle" onClick={onOver}>
            {text('secondFactor.back')}
          </Button>
        </Stack>
      </form>
    </LonePage>
  );
}
