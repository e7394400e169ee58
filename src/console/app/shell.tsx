import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { TextLink } from '../parts/links.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Menu } from './menu.tsx';
import { useWho } from './session.ts';
import { TenantSwitch } from './tenant-switch.tsx';

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
        <Menu />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className="content">
        {children}
      </AppShell.Main>
    </AppShell>
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
