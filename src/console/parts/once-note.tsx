import { Code } from '@mantine/core';
import { Note } from './note.tsx';

/** Something that the hub shows this once: a link or a token. Nothing before it is made. */
export function OnceNote({ title, value }: { title: string; value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <Note tone="good" role="status" title={title}>
      <Code block className="once">
        {value}
      </Code>
    </Note>
  );
}
