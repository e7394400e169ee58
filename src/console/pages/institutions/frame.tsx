import { Stack } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useRead } from '../../api/queries.ts';
import { decideVisible, institutionNav } from '../../app/nav.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { usePathValue } from '../../parts/url-state.ts';
import { ZoneContext } from '../../parts/zone.ts';
import { RaisedBanner } from '../access/raised-banner.tsx';

/** What the pages of one institution share: its name, the way between them, and its clocks. */
export function InstitutionFrame() {
  const { text } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  const shown = useRead('showTenant', { params: { slug } }, { enabled: can('tenants:read') });
  const tenant = shown.data?.tenant;
  return (
    <ZoneContext value={tenant?.zone ?? undefined}>
      <Stack gap="lg">
        <div>
          <div className="institution-name">{tenant?.name ?? slug}</div>
          <nav className="tabs" aria-label={text('nav.institution')}>
            {decideVisible(institutionNav, can).map(({ to, label }) => (
              <Link
                key={to}
                to={to}
                params={{ slug }}
                className="tab"
                activeOptions={{ exact: to === '/institutions/$slug', includeSearch: false }}
              >
                {text(label)}
              </Link>
            ))}
          </nav>
        </div>
        <RaisedBanner slug={slug} />
        <Outlet />
      </Stack>
    </ZoneContext>
  );
}
