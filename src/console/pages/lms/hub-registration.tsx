import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { ForLms } from './for-lms.tsx';
import { LmsFields, readLms } from './lms-fields.tsx';
import { RegistrationFacts } from './registration-facts.tsx';
import { readSettings, SettingsFields } from './registration-settings.tsx';

/** A registration that the hub has once for all schools of a vendor. */
export function HubRegistrationPage() {
  const { text } = useLanguage();
  const params = { registrationId: usePathValue('registrationId') };
  const shown = useRead('showHubLms', { params });
  const registration = shown.data?.registration;
  return (
    <Page
      title={registration ? text(`family.${registration.family}`) : text('nav.hubLms')}
      above={<TextLink to="/lms">{text('nav.hubLms')}</TextLink>}
      actions={registration && <RegistrationActs params={params} of={registration} />}
    >
      <Loaded of={shown} lines={10}>
        {(data) => (
          <>
            <RegistrationFacts of={data.registration} />
            <ForLms of={data.forLms} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function RegistrationActs({
  params,
  of: registration,
}: {
  params: { registrationId: string };
  of: Reply<'showHubLms'>['registration'];
}) {
  const { text } = useLanguage();
  const isOn = registration.status === 'active';
  return (
    <>
      <Ask
        name="updateHubLms"
        label={text('form.change')}
        reason="asked"
        input={(entered) => ({ params, body: readLms(entered) })}
      >
        <LmsFields registration={registration} />
      </Ask>
      <Ask
        name="updateHubLms"
        label={text('lms.settings')}
        reason="asked"
        input={(entered) => ({ params, body: readSettings(entered) })}
      >
        <SettingsFields settings={registration.settings} />
      </Ask>
      <Act
        name="updateHubLms"
        label={text(isOn ? 'form.disable' : 'form.enable')}
        input={(reason) => ({
          params,
          body: { status: isOn ? 'disabled' : 'active', ...withReason(reason) },
        })}
        {...(isOn ? { danger: true, typeName: registration.clientId } : {})}
      >
        {text(isOn ? 'hubLms.disable.about' : 'lms.enable.about')}
      </Act>
    </>
  );
}
