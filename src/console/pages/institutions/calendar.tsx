import { useState } from 'react';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { AddSpan, type CalendarRead, CalendarZone, ImportCalendar } from './calendar-forms.tsx';
import { ReadNote } from './calendar-read.tsx';

/** A school's terms, exams and breaks: what reports and quiet times go by. */
export function CalendarPage() {
  const { text, day } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  const calendar = useRead('showCalendar', { params: { slug } });
  const isMissing = calendar.error?.code === 'calendar_missing';
  const zone = calendar.data?.calendar.zone;
  const [read, setRead] = useState<CalendarRead>();
  return (
    <Page
      title={text('nav.calendar')}
      about={text('calendar.about')}
      actions={
        can('health:write') && (
          <>
            <ImportCalendar slug={slug} onDone={setRead} />
            {zone !== undefined && <AddSpan slug={slug} />}
            <CalendarZone slug={slug} zone={zone} />
          </>
        )
      }
    >
      {read && <ReadNote of={read} />}
      {isMissing ? (
        <div className="empty">{calendar.error?.advice}</div>
      ) : (
        <Loaded of={calendar}>
          {({ calendar: { zone: clocks, spans } }) => (
            <DataTable
              name="calendar"
              label={text('calendar.label', { zone: clocks })}
              rows={spans}
              rowKey={({ spanId }) => spanId}
              empty={text('calendar.empty')}
              columns={[
                {
                  key: 'name',
                  header: text('overview.name'),
                  cell: ({ name }) => name,
                  value: ({ name }) => name,
                },
                {
                  key: 'kind',
                  header: text('health.kind'),
                  cell: ({ kind }) => text(`span.${kind}`),
                  value: ({ kind }) => kind,
                },
                {
                  key: 'from',
                  header: text('calendar.from'),
                  cell: ({ from }) => day(from),
                  value: ({ from }) => from,
                },
                { key: 'to', header: text('calendar.to'), cell: ({ to }) => day(to), value: ({ to }) => to },
                {
                  key: 'act',
                  header: text('table.actions'),
                  cell: ({ spanId, name }) =>
                    can('health:write') && (
                      <Act
                        name="removeSpan"
                        label={text('calendar.remove')}
                        input={(reason) => ({ params: { slug, spanId }, query: withReason(reason) })}
                        danger
                        typeName={name}
                      >
                        {text('calendar.remove.about')}
                      </Act>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
      )}
    </Page>
  );
}
