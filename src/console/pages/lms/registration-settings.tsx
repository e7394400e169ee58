import { Checkbox, NativeSelect, NumberInput, Textarea } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { defined, type Entered } from '../../parts/fields.ts';

type Settings = Reply<'showLms'>['registration']['settings'];
const mismatches = ['warn', 'refuse'] as const;

/** How strict the hub is with launches of a registration, and where they may be framed. */
export function readSettings(entered: Entered) {
  return {
    settings: {
      allowAnonymous: entered.has('allowAnonymous'),
      requireBrowserProof: entered.has('requireBrowserProof'),
      targetMismatch: mismatches.find((each) => each === entered.text('targetMismatch')) ?? 'warn',
      iatWindowSeconds: Number(entered.text('iatWindowSeconds')),
      clockSkewSeconds: Number(entered.text('clockSkewSeconds')),
      frameAncestors: entered.lines('frameAncestors'),
      trustedAudiences: entered.lines('trustedAudiences'),
    },
    ...defined({ reason: entered.given('reason') }),
  };
}

/** The fields of that. */
export function SettingsFields({ settings }: { settings: Settings }) {
  const { text } = useLanguage();
  return (
    <>
      {(['allowAnonymous', 'requireBrowserProof'] as const).map((name) => (
        <Checkbox
          key={name}
          name={name}
          label={text(`lms.setting.${name}`)}
          defaultChecked={settings[name]}
        />
      ))}
      <NativeSelect
        name="targetMismatch"
        label={text('lms.setting.targetMismatch')}
        defaultValue={settings.targetMismatch}
        data={mismatches.map((value) => ({ value, label: text(`lms.mismatch.${value}`) }))}
      />
      {(['iatWindowSeconds', 'clockSkewSeconds'] as const).map((name) => (
        <NumberInput
          key={name}
          name={name}
          label={text(`lms.setting.${name}`)}
          defaultValue={settings[name]}
          min={0}
        />
      ))}
      {(['frameAncestors', 'trustedAudiences'] as const).map((name) => (
        <Textarea
          key={name}
          name={name}
          label={text(`lms.setting.${name}`)}
          description={text('form.lines')}
          defaultValue={settings[name].join('\n')}
          autosize
          minRows={2}
        />
      ))}
    </>
  );
}
