import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { Admins } from './admins.tsx';
import { ConsoleWays } from './console-ways.tsx';
import { RaisedRights } from './raised-rights.tsx';

/** Who may do what at an institution: its own admins, and staff of the hub who are allowed more for a while. */
export function AccessPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  return (
    <Page
      title={text('nav.access')}
      about={
        <>
          {text('access.about')}{' '}
          <TextLink to="/institutions/$slug/setup" params={{ slug }} underline="always">
            {text('access.setupLinks')}
          </TextLink>
        </>
      }
    >
      <Admins slug={slug} />
      <ConsoleWays slug={slug} />
      {(can('break-glass:read') || can('break-glass:write')) && <RaisedRights slug={slug} />}
    </Page>
  );
}
