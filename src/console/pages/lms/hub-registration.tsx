import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { ForLms } from './for-lms.tsx';
import { RegistrationActs } from './registration-acts.tsx';
import { RegistrationFacts } from './registration-facts.tsx';

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
      actions={
        registration && (
          <RegistrationActs
            name="updateHubLms"
            of={registration}
            disabling={text('hubLms.disable.about')}
            input={(body) => ({ params, body })}
          />
        )
      }
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
