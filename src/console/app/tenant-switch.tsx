import { Combobox, InputBase, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead } from '../api/queries.ts';
import { useLanguage } from '../i18n/language.ts';
import { useSession } from './session.ts';

/** Goes to an institution by a part of its name; the hub searches. */
export function TenantSwitch() {
  const { who, can } = useSession();
  return who?.tenantSlug === null && can('tenants:read') ? <Switch /> : null;
}

function Switch() {
  const { text } = useLanguage();
  const navigate = useNavigate();
  const combobox = useCombobox();
  const [wanted, setWanted] = useState('');
  const [search] = useDebouncedValue(wanted.trim(), 150);
  const found = useRead(
    'listTenants',
    { query: { limit: 8, ...(search === '' ? {} : { search }) } },
    { enabled: combobox.dropdownOpened, keep: true },
  );
  const go = (slug: string) => {
    combobox.closeDropdown();
    setWanted('');
    void navigate({ to: '/institutions/$slug', params: { slug } });
  };
  return (
    <Combobox store={combobox} onOptionSubmit={go} position="bottom-end" width={300}>
      <Combobox.Target>
        <InputBase
          size="xs"
          className="switch"
          aria-label={text('nav.switch')}
          placeholder={text('nav.switch')}
          value={wanted}
          onChange={(event) => {
            setWanted(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={text('nav.institutions')}>
          {(found.data?.tenants ?? []).map(({ slug, name }) => (
            <Combobox.Option value={slug} key={slug}>
              {name}
            </Combobox.Option>
          ))}
          {found.data?.tenants.length === 0 && <Combobox.Empty>{text('word.none')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
