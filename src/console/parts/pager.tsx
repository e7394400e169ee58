import { Button, Group } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';

/** Turns the pages of a list that goes on behind a mark: onward, and to its beginning. */
export function Pager({
  now,
  next,
  turn,
}: {
  now: string | undefined;
  next: string | null;
  turn: (mark: string | undefined) => void;
}) {
  const { text } = useLanguage();
  if (now === undefined && next === null) return null;
  return (
    <Group gap="xs" justify="flex-end">
      <Button size="xs" variant="default" disabled={now === undefined} onClick={() => turn(undefined)}>
        {text('table.first')}
      </Button>
      <Button size="xs" variant="default" disabled={next === null} onClick={() => turn(next ?? undefined)}>
        {text('table.next')}
      </Button>
    </Group>
  );
}
