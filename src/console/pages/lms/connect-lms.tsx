import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FamilyName, familyNames } from '../../../../contracts/lms.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { defined, type Entered } from '../../parts/fields.ts';
import { LmsFields, readLms } from './lms-fields.tsx';

/** Connects an LMS by what its administrator has told. */
export function ConnectLms({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const navigate = useNavigate();
  return (
    <Ask
      name="connectLms"
      label={text('lms.connect')}
      primary
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: {
          ...readLms(entered),
          family: readFamily(entered),
          deployments: entered.lines('deployments'),
          ...defined({ name: entered.given('name') }),
        },
      })}
      onDone={({ registration: { connectionId } }) =>
        void navigate({ to: '/institutions/$slug/lms/$connectionId', params: { slug, connectionId } })
      }
    >
      <FamilySelect />
      <TextInput
        name="name"
        label={text('overview.name')}
        description={text('lms.name.about')}
        maxLength={200}
      />
      <LmsFields />
      <Textarea
        name="deployments"
        label={text('lms.deployments')}
        description={text('lms.deployments.about')}
        autosize
        minRows={2}
      />
    </Ask>
  );
}

/** Which product an LMS is. */
export function FamilySelect() {
  const { text } = useLanguage();
  return (
    <NativeSelect
      name="family"
      label={text('lms.family')}
      data={familyNames.map((value) => ({ value, label: text(`family.${value}`) }))}
    />
  );
}

export function readFamily(entered: Entered): FamilyName {
  return familyNames.find((each) => each === entered.text('family')) ?? 'generic';
}
