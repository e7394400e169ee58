import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { LonePage } from './lone-page.tsx';
import { SecondFactor } from './second-factor.tsx';
import { SignIn } from './sign-in.tsx';
import { useLinkToken, useSignedIn } from './use-sign-in.ts';

/** Signs in by a one-time link. It takes a click, so that programs that open links to look at them use none up. */
export function SignInLink() {
  const { text } = useLanguage();
  const token = useLinkToken();
  const onSignedIn = useSignedIn();
  // Who came back from their institution's sign-in may have a second step to go.
  const [isHalf, setHalf] = useState(() => new URLSearchParams(window.location.search).has('code'));
  const signIn = useWrite('signInByLink');
  if (isHalf) return <SecondFactor onOver={() => setHalf(false)} />;
  if (token === '') return <SignIn />;
  const go = () =>
    signIn.mutate(
      { body: { token } },
      {
        onSuccess: (reply) => {
          setHalf(reply.state === 'second_factor_needed');
          onSignedIn(reply);
        },
      },
    );
  return (
    <LonePage title={text('signInLink.title')} about={text('signInLink.about')}>
      {signIn.isError && <FailureNote error={signIn.error} />}
      <Button onClick={go} loading={signIn.isPending}>
        {text('signIn.go')}
      </Button>
    </LonePage>
  );
}
