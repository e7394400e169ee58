import { NativeSelect } from '@mantine/core';
import { type FamilyName, familyNames } from '../../../../contracts/lms.ts';
import { useLanguage } from '../../i18n/language.ts';
import type { Entered } from '../../parts/fields.ts';

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
