import { Stack } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useRead } from '../../api/queries.ts';
import { SessionContext } from '../../app/session.ts';
import { usePathValue } from '../../parts/url-state.ts';
import { ZoneContext } from '../../parts/zone.ts';
import { HandedBanner } from '../access/handed-banner.tsx';
import { RaisedBanner } from '../access/raised-banner.tsx';
import { useRaisedSession } from '../access/use-raised-session.ts';

/** What the pages of one institution share: its name, its clocks, and what is allowed there for a while. */
export function InstitutionFrame() {
  const slug = usePathValue('slug');
  const session = useRaisedSession(slug);
  const shown = useRead('showTenant', { params: { slug } }, { enabled: session.can('tenants:read') });
  const tenant = shown.data?.tenant;
  return (
    <ZoneContext value={tenant?.zone ?? undefined}>
      <Stack gap="xs">
        <div className="institution-name">{tenant?.name ?? slug}</div>
        <RaisedBanner slug={slug} />
        <HandedBanner slug={slug} />
        <SessionContext value={session}>
          <Outlet />
        </SessionContext>
      </Stack>
    </ZoneContext>
  );
}
