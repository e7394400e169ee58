import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { defined } from '../../parts/fields.ts';
import { proposeSlug } from './propose-slug.ts';

/** Makes an institution: its name, its short name in addresses, and its clocks. */
export function NewInstitution() {
  const { text } = useLanguage();
  const navigate = useNavigate();
  // It follows the name until somebody gives another.
  const [proposed, propose] = useState('');
  const [given, give] = useState<string>();
  return (
    <Ask
      name="createTenant"
      label={text('institutions.new')}
      input={(entered) => ({
        body: {
          name: entered.text('name'),
          slug: entered.text('slug'),
          ...defined({ zone: entered.given('zone') }),
        },
      })}
      onDone={({ tenant: { slug } }) => void navigate({ to: '/institutions/$slug/setup', params: { slug } })}
      primary
    >
      <TextInput
        name="name"
        label={text('institutions.name')}
        maxLength={200}
        required
        data-autofocus
        onChange={(event) => propose(proposeSlug(event.currentTarget.value))}
      />
      <TextInput
        name="slug"
        label={text('institutions.slug')}
        description={text('institutions.slug.about')}
        maxLength={63}
        required
        value={given ?? proposed}
        onChange={(event) => give(event.currentTarget.value)}
      />
      <TextInput
        name="zone"
        label={text('institutions.zone')}
        description={text('institutions.zone.about')}
        maxLength={100}
        defaultValue={Intl.DateTimeFormat().resolvedOptions().timeZone}
      />
    </Ask>
  );
}
