import { Checkbox, FileInput, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { spanKinds } from '../../../../contracts/calendars.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { defined } from '../../parts/fields.ts';

/** Says by which clocks a school lives; its calendar begins with that. */
export function CalendarZone({ slug, zone }: { slug: string; zone: string | undefined }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="setCalendarZone"
      label={text('institutions.zone')}
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: { zone: entered.text('zone'), ...defined({ reason: entered.given('reason') }) },
      })}
    >
      <TextInput
        name="zone"
        label={text('institutions.zone')}
        description={text('institutions.zone.about')}
        defaultValue={zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
        maxLength={100}
        required
      />
    </Ask>
  );
}

/** Adds a term, exams or a break. */
export function AddSpan({ slug }: { slug: string }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="addSpan"
      label={text('calendar.add')}
      reason="asked"
      input={(entered) => ({
        params: { slug },
        body: {
          span: {
            kind: spanKinds.find((each) => each === entered.text('kind')) ?? 'term',
            name: entered.text('name'),
            from: entered.text('from'),
            to: entered.text('to'),
          },
          ...defined({ reason: entered.given('reason') }),
        },
      })}
    >
      <NativeSelect
        name="kind"
        label={text('health.kind')}
        data={spanKinds.map((value) => ({ value, label: text(`span.${value}`) }))}
      />
      <TextInput name="name" label={text('overview.name')} maxLength={200} required />
      <TextInput name="from" type="date" label={text('calendar.from')} required />
      <TextInput name="to" type="date" label={text('calendar.to')} required />
    </Ask>
  );
}

/** What was read of a file, and whether it was only looked at. */
export interface CalendarRead {
  isDry: boolean;
  reply: Reply<'importCalendar'>;
}

/** Reads an iCalendar file in place of the import before. */
export function ImportCalendar({ slug, onDone }: { slug: string; onDone: (read: CalendarRead) => void }) {
  const { text } = useLanguage();
  const [file, setFile] = useState<File | null>(null);
  const [isDry, setDry] = useState(true);
  return (
    <Ask
      name="importCalendar"
      label={text('calendar.import')}
      reason="asked"
      isBlocked={file === null}
      onOpen={() => {
        setFile(null);
        setDry(true);
      }}
      input={(entered) => ({
        params: { slug },
        query: {
          dry: isDry ? 'true' : 'false',
          ...defined({ zone: entered.given('zone'), reason: entered.given('reason') }),
        },
        body: new Blob(file === null ? [] : [file], { type: 'text/calendar' }),
      })}
      onDone={(reply) => onDone({ isDry, reply })}
    >
      <FileInput
        label={text('calendar.file')}
        description={text('calendar.file.about')}
        accept=".ics,text/calendar"
        value={file}
        onChange={setFile}
        required
      />
      <TextInput
        name="zone"
        label={text('institutions.zone')}
        description={text('calendar.import.zone')}
        maxLength={100}
      />
      <Checkbox
        label={text('calendar.import.dry')}
        description={text('calendar.import.dry.about')}
        checked={isDry}
        onChange={({ currentTarget }) => setDry(currentTarget.checked)}
      />
    </Ask>
  );
}
