import { Anchor, Button, Collapse, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useRead, useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { defined } from '../../parts/fields.ts';
import { readSent } from '../../parts/read-sent.ts';
import { LonePage } from './lone-page.tsx';
import { SchoolSignIn } from './school-ways.tsx';
import { SecondFactor } from './second-factor.tsx';
import { useSignedIn } from './use-sign-in.ts';

/** Signs in with a password or by the company; whoever is in goes on to the page that the address names. */
export function SignIn() {
  const { text } = useLanguage();
  const options = useRead('showSignInOptions', {});
  const signIn = useWrite('signInOperator');
  const onSignedIn = useSignedIn();
  const [isHalf, setHalf] = useState(false);
  const [ofSchool, schoolField] = useDisclosure(false);
  const [slug, setSlug] = useState('');
  const [asked, ask] = useState<string>();
  if (isHalf) return <SecondFactor onOver={() => setHalf(false)} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const { text: typed, secret, given } = readSent(event);
    const school = defined({ tenantSlug: given('tenantSlug') });
    const body = { email: typed('email'), password: secret('password'), ...school };
    signIn.mutate(
      { body },
      {
        onSuccess: (reply) => {
          setHalf(reply.state === 'second_factor_needed');
          onSignedIn(reply);
        },
      },
    );
  };
  const company = options.data?.company;
  return (
    <LonePage
      title={text('signIn.title', { hub: options.data?.hubName ?? text('app.name') })}
      {...(options.data?.firstRun ? { about: text('signIn.firstRun') } : {})}
    >
      {company && (
        <>
          <Button component="a" href={company.startPath} variant="default">
            {text('signIn.company', { name: company.name })}
          </Button>
          <Divider label={text('signIn.or')} />
        </>
      )}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            name="email"
            type="email"
            label={text('signIn.email')}
            autoComplete="username"
            required
            withAsterisk={false}
          />
          <PasswordInput
            name="password"
            label={text('signIn.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': text('signIn.showPassword') }}
          />
          <Collapse expanded={ofSchool}>
            <TextInput
              name="tenantSlug"
              label={text('signIn.school')}
              description={text('signIn.school.about')}
              maxLength={63}
              value={slug}
              onChange={(event) => {
                setSlug(event.currentTarget.value);
                ask(undefined);
              }}
              mb="xs"
            />
            {asked === undefined ? (
              <Button
                fullWidth
                variant="default"
                disabled={slug.trim() === ''}
                onClick={() => ask(slug.trim())}
              >
                {text('school.find')}
              </Button>
            ) : (
              <SchoolSignIn slug={asked} />
            )}
          </Collapse>
          {signIn.isError && <FailureNote error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            {text('signIn.go')}
          </Button>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={schoolField.toggle}
            aria-expanded={ofSchool}
          >
            {text('signIn.ofSchool')}
          </Anchor>
        </Stack>
      </form>
    </LonePage>
  );
}
