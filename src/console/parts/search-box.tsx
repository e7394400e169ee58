import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useLanguage } from '../i18n/language.ts';

/** Searches while somebody types, a moment after the last letter. */
export function SearchBox({
  value,
  onChange,
  label,
  maxLength = 100,
}: {
  value: string | undefined;
  onChange: (value: string) => void;
  label?: string;
  maxLength?: number;
}) {
  const { text } = useLanguage();
  const later = useDebouncedCallback(onChange, 250);
  return (
    <TextInput
      type="search"
      label={label ?? text('table.search')}
      defaultValue={value ?? ''}
      onChange={(event) => later(event.currentTarget.value.trim())}
      maxLength={maxLength}
      w={220}
    />
  );
}
