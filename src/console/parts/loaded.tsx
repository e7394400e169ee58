import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { FailureNote } from './failure-note.tsx';

/** What is shown of a reply, when it is there; before that, and where it does not come, what stands for it. */
export function Loaded<Data>({
  of: query,
  lines = 4,
  children,
}: {
  of: UseQueryResult<Data>;
  lines?: number;
  children: (data: Data) => ReactNode;
}) {
  const { text } = useLanguage();
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <FailureNote error={query.error} retry={() => void query.refetch()} />;
  return (
    <div role="status" aria-label={text('app.loading')}>
      <Skeleton height={24 * lines} radius="sm" />
    </div>
  );
}
