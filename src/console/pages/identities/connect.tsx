import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { NewIdentity } from '../setup/new-identity.tsx';

/** Connects an identity provider by the form of the set-up; a sign-in is tried on the page of what was made. */
export function ConnectIdentityPage() {
  const { text } = useLanguage();
  const { mayCall } = useSession();
  const slug = usePathValue('slug');
  const navigate = useNavigate();
  return (
    <Page
      title={text('setup.identity.connect')}
      about={text('setup.needs.identity')}
      above={
        <TextLink to="/institutions/$slug/identities" params={{ slug }}>
          {text('nav.identities')}
        </TextLink>
      }
    >
      {mayCall('connectIdentity') ? (
        <Section title={text('setup.step.identity')}>
          <NewIdentity
            slug={slug}
            onMade={(connectionId) =>
              void navigate({
                to: '/institutions/$slug/identities/$connectionId',
                params: { slug, connectionId },
              })
            }
          />
        </Section>
      ) : (
        text('connect.notAllowed')
      )}
    </Page>
  );
}
