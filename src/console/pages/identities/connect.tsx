import { useNavigate } from '@tanstack/react-router';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { ConnectPage } from '../setup/connect-page.tsx';
import { NewIdentity } from '../setup/new-identity.tsx';

/** Connects an identity provider by the form of the set-up; a sign-in is tried on the page of what was made. */
export function ConnectIdentityPage() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const navigate = useNavigate();
  const show = (connectionId: string) =>
    void navigate({ to: '/institutions/$slug/identities/$connectionId', params: { slug, connectionId } });
  return (
    <ConnectPage
      title={text('setup.identity.connect')}
      step="identity"
      endpoint="connectIdentity"
      above={
        <TextLink to="/institutions/$slug/identities" params={{ slug }}>
          {text('nav.identities')}
        </TextLink>
      }
    >
      <NewIdentity slug={slug} onMade={show} />
    </ConnectPage>
  );
}
