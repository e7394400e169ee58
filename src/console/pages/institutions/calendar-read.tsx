import { Stack } from '@mantine/core';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Note } from '../../parts/note.tsx';
import type { CalendarRead } from './calendar-forms.tsx';

/** What came of reading an iCalendar file; where it was only looked at, what would come of it. */
export function ReadNote({ of: { isDry, reply } }: { of: CalendarRead }) {
  const { text, day, count } = useLanguage();
  const { spans, replaced, passedOver, unpaired, findings } = reply;
  return (
    <Note
      tone={isDry ? 'calm' : 'good'}
      role="status"
      title={text(isDry ? 'calendar.planned' : 'calendar.imported', { count: spans.length })}
    >
      <Stack gap="sm">
        <div>
          {text('calendar.imported.about', { replaced, passedOver })}{' '}
          {unpaired > 0 && text('calendar.unpaired', { count: unpaired })}
        </div>
        {findings.length > 0 && (
          <div>
            {findings
              .map(({ code, event }) => `${text('calendar.event', { number: count(event) })}: ${code}`)
              .join('; ')}
          </div>
        )}
        {isDry && (
          <DataTable
            plain
            name="calendar-plan"
            label={text('calendar.plan')}
            rows={spans}
            rowKey={({ spanId }) => spanId}
            empty={text('word.none')}
            columns={[
              { key: 'name', header: text('overview.name'), cell: ({ name }) => name },
              { key: 'kind', header: text('health.kind'), cell: ({ kind }) => text(`span.${kind}`) },
              { key: 'from', header: text('calendar.from'), cell: ({ from }) => day(from) },
              { key: 'to', header: text('calendar.to'), cell: ({ to }) => day(to) },
            ]}
          />
        )}
      </Stack>
    </Note>
  );
}
