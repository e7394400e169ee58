import { Anchor, Button, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useWrite } from '../../api/queries.ts';
import { useWho } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Section } from '../../parts/page.tsx';
import { readSent } from '../../parts/read-sent.ts';
import { QrCode } from './qr-code.tsx';

/** Sets up an authenticator, or does without it. */
export function OwnSecondFactor() {
  const { text } = useLanguage();
  const { secondFactor } = useWho();
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <Section title={text('account.factor')}>
      <Stack gap="sm" align="flex-start" maw={560}>
        <Text>{text(secondFactor ? 'account.factor.on' : 'account.factor.off')}</Text>
        {codes && (
          <Note tone="warn" title={text('account.factor.codes')} role="status">
            <Text size="sm">{text('account.factor.codes.about')}</Text>
            <Code block mt="xs">
              {codes.join('\n')}
            </Code>
          </Note>
        )}
        {secondFactor ? <RemoveFactor /> : <EnrolFactor onCodes={setCodes} />}
      </Stack>
    </Section>
  );
}

function EnrolFactor({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const { text } = useLanguage();
  const { hasPassword } = useWho();
  const enrol = useWrite('enrolSecondFactor');
  const confirm = useWrite('confirmSecondFactor');
  const begin = (event: FormEvent<HTMLFormElement>) => {
    const current = readSent(event).secret('current');
    enrol.mutate({ body: hasPassword ? { current } : {} });
  };
  const give = (event: FormEvent<HTMLFormElement>) => {
    const code = readSent(event).text('code');
    confirm.mutate({ body: { code } }, { onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes) });
  };
  if (enrol.data === undefined) {
    return (
      <form onSubmit={begin}>
        {!hasPassword && (
          <Text size="sm" mb="xs">
            {text('account.fresh')}
          </Text>
        )}
        <Group align="flex-end">
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
          <Button type="submit" variant="default" loading={enrol.isPending}>
            {text('account.factor.begin')}
          </Button>
        </Group>
        {enrol.isError && <FailureNote error={enrol.error} />}
      </form>
    );
  }
  return (
    <form onSubmit={give}>
      <Stack gap="sm" align="flex-start">
        <Text>{text('account.factor.scan')}</Text>
        <QrCode value={enrol.data.uri} label={text('account.factor.qr')} />
        <TextInput label={text('account.factor.secret')} value={enrol.data.secret} readOnly w={420} />
        <Anchor href={enrol.data.uri}>{text('account.factor.open')}</Anchor>
        <TextInput name="code" label={text('account.factor.confirm')} autoComplete="one-time-code" required />
        {confirm.isError && <FailureNote error={confirm.error} />}
        <Button type="submit" loading={confirm.isPending}>
          {text('action.save')}
        </Button>
      </Stack>
    </form>
  );
}

function RemoveFactor() {
  const { text } = useLanguage();
  const remove = useWrite('removeSecondFactor');
  const submit = (event: FormEvent<HTMLFormElement>) =>
    remove.mutate({ body: { code: readSent(event).text('code') } });
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput name="code" label={text('secondFactor.code')} autoComplete="one-time-code" required />
        <Button type="submit" variant="default" color="red" loading={remove.isPending}>
          {text('account.factor.remove')}
        </Button>
      </Group>
      {remove.isError && <FailureNote error={remove.error} />}
    </form>
  );
}
