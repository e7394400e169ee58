import { Box, Button, Skeleton } from '@mantine/core';
import { type ReactNode, Suspense, useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { Section } from './page.tsx';

/** A chart, or in its place the table behind it. Charts are loaded late: they are half as large as everything else together. */
export function ChartOrTable({
  title,
  about,
  actions,
  isBusy = false,
  chart,
  beneath,
  failure,
  table,
}: {
  title: string;
  /** What the chart shows, for readers of the screen. */
  about: string;
  actions?: ReactNode;
  isBusy?: boolean;
  chart: () => ReactNode;
  /** What its signs mean. */
  beneath?: ReactNode;
  /** Why there is neither. */
  failure?: ReactNode;
  table: () => ReactNode;
}) {
  const { text } = useLanguage();
  const [asTable, setAsTable] = useState(false);
  return (
    <Section
      title={title}
      actions={
        <>
          {actions}
          <Button size="xs" variant="default" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {text('health.asTable')}
          </Button>
        </>
      }
    >
      {failure ||
        (asTable ? (
          table()
        ) : (
          <>
            {/* Time goes from left to right in every script's charts; letters at axes stand on their side of them. */}
            <Box className="chart" dir="ltr" role="img" aria-label={about} aria-busy={isBusy}>
              <Suspense fallback={<Skeleton h={230} />}>{chart()}</Suspense>
            </Box>
            {beneath}
          </>
        ))}
    </Section>
  );
}
