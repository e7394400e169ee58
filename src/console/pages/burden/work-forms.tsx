import { FileInput, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { workIntegrations } from '../../../../contracts/burden.ts';
import { useLanguage } from '../../i18n/language.ts';
import { withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';

/** Takes a list of work. */
export function ImportWork({ onDone }: { onDone: (count: number) => void }) {
  const { text } = useLanguage();
  const [file, setFile] = useState<File | null>(null);
  return (
    <Ask
      name="importWork"
      label={text('burden.import')}
      isBlocked={file === null}
      onOpen={() => setFile(null)}
      input={() => ({ body: new Blob(file === null ? [] : [file], { type: 'text/csv' }) })}
      onDone={({ count }) => onDone(count)}
    >
      <FileInput
        label={text('burden.import.file')}
        description={text('burden.import.about')}
        accept=".csv,text/csv"
        value={file}
        onChange={setFile}
        required
      />
    </Ask>
  );
}

/** Takes one piece of work. */
export function AddWork({ onDone }: { onDone: (count: number) => void }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="addWork"
      label={text('burden.add')}
      reason="asked"
      input={(entered) => ({
        body: {
          items: [
            {
              externalId: entered.text('id'),
              integration:
                workIntegrations.find((each) => each === entered.text('integration')) ?? 'existing',
              partner: entered.given('partner') ?? null,
              minutes: Number(entered.text('minutes')),
              doneAt: `${entered.text('done')}T12:00:00Z`,
            },
          ],
          ...withReason(entered.given('reason')),
        },
      })}
      onDone={({ count }) => onDone(count)}
    >
      <TextInput
        name="id"
        label={text('burden.add.id')}
        description={text('burden.add.id.about')}
        maxLength={200}
        required
      />
      <NativeSelect
        name="integration"
        label={text('burden.add.integration')}
        data={workIntegrations.map((value) => ({ value, label: text(`burden.integration.${value}`) }))}
      />
      <TextInput name="partner" label={text('health.partner')} maxLength={100} />
      <NumberInput
        name="minutes"
        label={text('burden.add.minutes')}
        min={0}
        max={1_000_000}
        allowDecimal={false}
        required
      />
      <TextInput name="done" type="date" label={text('burden.add.done')} required />
    </Ask>
  );
}
