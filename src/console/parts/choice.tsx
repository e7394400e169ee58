import { Select } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';

/** A filter by one of a few values; nothing chosen lets all through. */
export function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}) {
  const { text } = useLanguage();
  return (
    <Select
      label={label}
      placeholder={text('table.any')}
      clearable
      clearButtonProps={{ 'aria-label': text('table.clear') }}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      data={[...options]}
      w={190}
    />
  );
}
