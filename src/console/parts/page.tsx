import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { useKeptFocus } from './keep-focus.ts';

export interface PageProps {
  title: string;
  /** What the page is for, in a line. */
  about?: ReactNode;
  /** What can be done here, beside the title. */
  actions?: ReactNode;
  /** What is above the title: where the page belongs. */
  above?: ReactNode;
  children: ReactNode;
}

/** A page: its title in the window, and the focus on its heading when it opens, so that readers begin there. */
export function Page({ title, about, actions, above, children }: PageProps) {
  const { text } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${text('app.name')}`;
  }, [title, text]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useKeptFocus(heading);
  return (
    <Stack gap="lg" className="page">
      <Stack gap={6}>
        {above}
        <Group justify="space-between" align="flex-end" gap="sm">
          <Title order={1} ref={heading} tabIndex={-1} className="page-title">
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {about && (
          <Text c="dimmed" maw={720}>
            {about}
          </Text>
        )}
      </Stack>
      {children}
    </Stack>
  );
}

/** A part of a page under a heading of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="section">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2}>{title}</Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </section>
  );
}
