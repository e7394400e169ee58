import type { CallInput, Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import type { Entered } from '../../parts/fields.ts';
import { LmsFields, readLms } from './lms-fields.tsx';
import { readSettings, SettingsFields } from './registration-settings.tsx';

type Update = 'updateLms' | 'updateHubLms';

/** What can be done with a registration, a school's own or the hub's for many. */
export function RegistrationActs<Name extends Update>({
  name,
  of: registration,
  disabling,
  input,
}: {
  name: Name;
  of: Reply<'showLms' | 'showHubLms'>['registration'];
  /** What happens when it is switched off. */
  disabling: string;
  /** The call that changes it so. */
  input: (body: CallInput<Update>['body']) => CallInput<Name>;
}) {
  const { text } = useLanguage();
  const isOn = registration.status === 'active';
  const change = (read: (entered: Entered) => CallInput<Update>['body']) => (entered: Entered) =>
    input(read(entered));
  return (
    <>
      <Ask name={name} label={text('form.change')} reason="asked" input={change(readLms)}>
        <LmsFields registration={registration} />
      </Ask>
      <Ask name={name} label={text('lms.settings')} reason="asked" input={change(readSettings)}>
        <SettingsFields settings={registration.settings} />
      </Ask>
      <Act
        name={name}
        label={text(isOn ? 'form.disable' : 'form.enable')}
        input={(reason) => input({ status: isOn ? 'disabled' : 'active', ...withReason(reason) })}
        {...(isOn ? { danger: true, typeName: registration.clientId } : {})}
      >
        {isOn ? disabling : text('lms.enable.about')}
      </Act>
    </>
  );
}
