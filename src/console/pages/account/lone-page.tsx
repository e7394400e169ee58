import { Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useLanguage } from '../../i18n/language.ts';

/** A page for people who are not signed in: one thing to do, in the middle. */
export function LonePage({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  const { text } = useLanguage();
  useEffect(() => {
    document.title = `${title} · ${text('app.name')}`;
  }, [title, text]);
  return (
    <main className="lone">
      <Paper withBorder p="xl" radius="md" className="lone-card">
        <Stack gap="md">
          <Title order={1}>{title}</Title>
          {about && <Text c="dimmed">{about}</Text>}
          {children}
        </Stack>
      </Paper>
    </main>
  );
}
