import { useNavigate } from '@tanstack/react-router';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { ConnectPage } from '../setup/connect-page.tsx';
import { NewRoster } from '../setup/new-roster.tsx';

/** Connects the source of a roster by the form of the set-up. */
export function ConnectRosterPage() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const navigate = useNavigate();
  const show = (connectionId: string) =>
    void navigate({ to: '/institutions/$slug/rosters/$connectionId', params: { slug, connectionId } });
  return (
    <ConnectPage
      title={text('setup.roster.connect')}
      step="roster"
      endpoint="connectRoster"
      above={
        <TextLink to="/institutions/$slug/rosters" params={{ slug }}>
          {text('nav.rosters')}
        </TextLink>
      }
    >
      <NewRoster slug={slug} onMade={show} />
    </ConnectPage>
  );
}
