import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { NewRoster } from '../setup/new-roster.tsx';

/** Connects the source of a roster by the form of the set-up. */
export function ConnectRosterPage() {
  const { text } = useLanguage();
  const { mayCall } = useSession();
  const slug = usePathValue('slug');
  const navigate = useNavigate();
  return (
    <Page
      title={text('setup.roster.connect')}
      about={text('setup.needs.roster')}
      above={
        <TextLink to="/institutions/$slug/rosters" params={{ slug }}>
          {text('nav.rosters')}
        </TextLink>
      }
    >
      {mayCall('connectRoster') ? (
        <Section title={text('setup.step.roster')}>
          <NewRoster
            slug={slug}
            onMade={(connectionId) =>
              void navigate({
                to: '/institutions/$slug/rosters/$connectionId',
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
