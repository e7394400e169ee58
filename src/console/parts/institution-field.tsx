import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useRead } from '../api/queries.ts';
import { useLanguage } from '../i18n/language.ts';

/** A field for one institution, found by a part of its name; what is sent is its short name. */
export function InstitutionField({ name }: { name: string }) {
  const { text } = useLanguage();
  const [wanted, setWanted] = useState('');
  const [search] = useDebouncedValue(wanted.trim(), 150);
  const query = { limit: 20, ...(search === '' ? {} : { search }) };
  const found = useRead('listTenants', { query }, { keep: true });
  return (
    <Select
      name={name}
      label={text('nav.institution')}
      searchable
      openOnFocus={false}
      searchValue={wanted}
      onSearchChange={setWanted}
      data={(found.data?.tenants ?? []).map((each) => ({
        value: each.slug,
        label: `${each.name} (${each.slug})`,
      }))}
      // The hub has searched.
      filter={({ options }) => options}
      nothingFoundMessage={text('word.none')}
      required
    />
  );
}
