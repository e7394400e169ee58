import { AppShell, Burger, Group, NavLink, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { createLink, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { TextLink } from '../parts/links.tsx';
import { AccountMenu } from './account-menu.tsx';
import { decideVisible, hubNav } from './nav.ts';
import { useSession, useWho } from './session.ts';
import { TenantSwitch } from './tenant-switch.tsx';

const RouterNavLink = createLink(NavLink<'a'>);

/** What stands around every page: name, switch, menu of pages, and the way to the content for keyboards. */
export function Shell({ children }: { children: ReactNode }) {
  const { text } = useLanguage();
  const who = useWho();
  const [isOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page changes, and then only
  useEffect(() => menu.close(), [pathname]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <AppShell.Header className="bar">
        <a href="#content" className="skip">
          {text('app.skip')}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={text('app.menu')}
              aria-expanded={isOpen}
            />
            <TextLink to="/" className="brand" underline="never">
              <Mark />
              <span>{who.hubName}</span>
            </TextLink>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <TenantSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="menu" aria-label={text('nav.main')}>
        <HubMenu />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className="content">
        {children}
      </AppShell.Main>
    </AppShell>
  );
}

function HubMenu() {
  const { text } = useLanguage();
  const { who, can } = useSession();
  if (who?.tenantSlug) {
    const slug = who.tenantSlug;
    return <RouterNavLink to="/institutions/$slug" params={{ slug }} label={text('nav.institution')} />;
  }
  return (
    <Stack gap="md">
      {hubNav.map(({ label, items }) => {
        const visible = decideVisible(items, can);
        if (visible.length === 0) return null;
        return (
          <div key={label}>
            <Text size="xs" c="dimmed" fw={600} px="xs" pb={4} className="menu-group">
              {text(label)}
            </Text>
            {visible.map((item) => (
              <RouterNavLink key={item.to} to={item.to} label={text(item.label)} className="menu-item" />
            ))}
          </div>
        );
      })}
    </Stack>
  );
}

/** The hub's mark: a gate. */
function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="mark-ground" />
      <path d="M8 25V14a8 8 0 0 1 16 0v11M13 25V15a3 3 0 0 1 6 0v10" className="mark-lines" />
    </svg>
  );
}
