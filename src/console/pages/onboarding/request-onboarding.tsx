import { NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { onboardingKinds } from '../../../../contracts/onboarding.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { defined } from '../../parts/fields.ts';

/** Begins a new integration: what it is, with whom, and by when somebody has promised it. */
export function RequestOnboarding({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const navigate = useNavigate();
  return (
    <Ask
      name="requestOnboarding"
      label={text('onboarding.request')}
      primary
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: {
          name: entered.text('name'),
          partner: entered.text('partner'),
          kind: onboardingKinds.find((each) => each === entered.text('kind')) ?? 'lms',
          ...defined({ promisedOn: entered.given('promisedOn'), reason: entered.given('reason') }),
        },
      })}
      onDone={({ onboarding: { onboardingId } }) =>
        void navigate({ to: '/institutions/$slug/onboarding/$onboardingId', params: { slug, onboardingId } })
      }
    >
      <TextInput name="name" label={text('overview.name')} maxLength={200} required />
      <NativeSelect
        name="kind"
        label={text('health.kind')}
        data={onboardingKinds.map((value) => ({ value, label: text(`connection.${value}`) }))}
      />
      <TextInput
        name="partner"
        label={text('health.partner')}
        description={text('onboarding.partner.about')}
        maxLength={100}
        required
      />
      <TextInput name="promisedOn" type="date" label={text('institutions.promisedOn')} />
    </Ask>
  );
}
