import { NavLink, Stack, Text } from '@mantine/core';
import { createLink, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language.ts';
import type { TextKey } from '../i18n/translate.ts';
import { useRaisedSession } from '../pages/access/use-raised-session.ts';
import type { UrlValues } from '../parts/url-values.ts';
import { decideGroups, hubNav, institutionNav } from './nav.ts';
import { useSession, useWho } from './session.ts';

const RouterNavLink = createLink(NavLink<'a'>);

/** The pages somebody may open: those of the institution they are at, else those of the hub. */
export function Menu() {
  const { slug }: UrlValues = useParams({ strict: false });
  const own = useWho().tenantSlug ?? undefined;
  const shown = slug ?? own;
  return shown === undefined ? <HubMenu /> : <InstitutionMenu key={shown} slug={shown} />;
}

function HubMenu() {
  const { can } = useSession();
  return (
    <Stack gap="md">
      {decideGroups(hubNav, can).map(({ label, items }) => (
        <Group key={label} label={label}>
          {items.map((item) => (
            <Item key={item.to} to={item.to} label={item.label} />
          ))}
        </Group>
      ))}
    </Stack>
  );
}

function InstitutionMenu({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { can, who } = useRaisedSession(slug);
  return (
    <Stack gap="md">
      {who?.tenantSlug === null && (
        <RouterNavLink to="/" label={text('nav.backToHub')} className="menu-item menu-back" />
      )}
      {decideGroups(institutionNav, can).map(({ label, items }) => (
        <Group key={label} label={label}>
          {items.map(({ to, label: name }) => (
            <RouterNavLink
              key={to}
              to={to}
              params={{ slug }}
              label={text(name)}
              className="menu-item"
              activeOptions={{ exact: to === '/institutions/$slug', includeSearch: false }}
            />
          ))}
        </Group>
      ))}
    </Stack>
  );
}

function Item({ to, label }: { to: (typeof hubNav)[number]['items'][number]['to']; label: TextKey }) {
  const { text } = useLanguage();
  return <RouterNavLink to={to} label={text(label)} className="menu-item" />;
}

function Group({ label, children }: { label: TextKey; children: ReactNode }) {
  const { text } = useLanguage();
  return (
    <div>
      <Text size="xs" c="dimmed" fw={600} px="xs" pb={4} className="menu-group">
        {text(label)}
      </Text>
      {children}
    </div>
  );
}
