import { Button, Group, Stack, Text } from '@mantine/core';
import { CallFailure } from '../api/failure.ts';
import { useLanguage } from '../i18n/language.ts';
import { Note } from './note.tsx';

/** Tells a failure: what to do, its code, and the reference to read out. */
export function FailureNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { text } = useLanguage();
  const failure = error instanceof CallFailure ? error : undefined;
  const advice =
    failure?.advice ?? text(failure?.status === 0 ? 'failure.unreachable' : 'failure.unreadable');
  return (
    <Note tone="bad" title={text('failure.title')} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{advice}</Text>
        <Group gap="md">
          {failure && (
            <Text size="xs" c="dimmed">
              {text('failure.code', { code: failure.code })}
            </Text>
          )}
          {failure?.reference && (
            <Text size="xs" c="dimmed">
              {text('failure.reference', { reference: failure.reference })}
            </Text>
          )}
        </Group>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {text('app.retry')}
          </Button>
        )}
      </Stack>
    </Note>
  );
}
