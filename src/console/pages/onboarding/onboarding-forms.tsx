import { NativeSelect, TextInput } from '@mantine/core';
import { onboardingStages } from '../../../../contracts/onboarding.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { defined } from '../../parts/fields.ts';

interface FormProps {
  params: { slug: string; onboardingId: string };
  onboarding: Reply<'showOnboarding'>['onboarding'];
}

/** Says by when it is promised; a day taken out promises nothing any more. */
export function PromiseDay({ params, onboarding }: FormProps) {
  const { text } = useLanguage();
  return (
    <Ask
      name="moveOnboarding"
      label={text('onboarding.promise')}
      reason="asked"
      input={(entered) => ({
        params,
        body: {
          promisedOn: entered.given('promisedOn') ?? null,
          ...defined({ reason: entered.given('reason') }),
        },
      })}
    >
      <TextInput
        name="promisedOn"
        type="date"
        label={text('institutions.promisedOn')}
        description={text('onboarding.promise.about')}
        defaultValue={onboarding.promisedOn ?? ''}
      />
    </Ask>
  );
}

/** Moves it back to a stage it was in before, where something has to be done again. */
export function ReturnToStage({ params, onboarding }: FormProps) {
  const { text } = useLanguage();
  const at = (onboardingStages as readonly string[]).indexOf(onboarding.stage);
  const earlier = onboardingStages.slice(0, Math.max(at, 0));
  if (earlier.length === 0) return null;
  return (
    <Ask
      name="moveOnboarding"
      label={text('onboarding.return')}
      reason="asked"
      input={(entered) => ({
        params,
        body: {
          event: {
            type: 'return',
            to: earlier.find((each) => each === entered.text('to')) ?? 'requested',
          },
          ...defined({ reason: entered.given('reason') }),
        },
      })}
    >
      <NativeSelect
        name="to"
        label={text('institutions.stage')}
        data={earlier.toReversed().map((value) => ({ value, label: text(`stage.${value}`) }))}
      />
    </Ask>
  );
}
