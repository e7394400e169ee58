import { Button, FileInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useRead, useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Findings } from '../rosters/findings.tsx';
import { PlanView } from '../rosters/plan-view.tsx';
import { isUnderWay, runTones } from '../rosters/tones.ts';

/** Reads the source without changing anything, and shows counts and findings. */
export function RosterPreview({
  slug,
  connectionId,
  lastRunId,
}: {
  slug: string;
  connectionId: string;
  lastRunId: string | undefined;
}) {
  const { text } = useLanguage();
  const params = { slug, connectionId };
  const roster = useRead('showRoster', { params });
  const [file, setFile] = useState<File | null>(null);
  const upload = useWrite('uploadPackage');
  const start = useWrite('startRun');
  const { place } = roster.data?.roster.settings ?? {};
  const isUpload =
    place === 'upload' || (place === undefined && roster.data?.roster.connector.endsWith('-csv') === true);
  const runId = start.data?.run.runId ?? lastRunId;
  const startWith = (uploadId?: string) =>
    start.mutate({
      params,
      body: { mode: 'full', dry: true, ...(uploadId === undefined ? {} : { uploadId }) },
    });
  const begin = () => {
    if (!isUpload) return startWith();
    if (file === null) return;
    upload.mutate(
      { params, query: { name: file.name }, body: file },
      { onSuccess: ({ uploadId }) => startWith(uploadId) },
    );
  };
  const error = upload.error ?? start.error;
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.roster.preview')}</Title>
      <Text size="sm">{text('setup.roster.preview.about')}</Text>
      {isUpload && (
        <FileInput
          className="setup-form"
          label={text('setup.roster.file')}
          accept=".zip,application/zip"
          value={file}
          onChange={setFile}
          clearable
        />
      )}
      <div>
        <Button
          onClick={begin}
          loading={upload.isPending || start.isPending}
          disabled={roster.data === undefined || (isUpload && file === null)}
        >
          {text('setup.roster.preview')}
        </Button>
      </div>
      {error !== null && <FailureNote error={error} />}
      {runId !== undefined && <Preview key={runId} params={{ ...params, runId }} />}
    </Stack>
  );
}

function Preview({ params }: { params: { slug: string; connectionId: string; runId: string } }) {
  const { text, count } = useLanguage();
  const shown = useRead(
    'showRun',
    { params },
    { every: 1_000, isLast: ({ run }) => run.plannedAt !== null || !isUnderWay(run.state) },
  );
  const run = shown.data?.run;
  const hasPlan = run != null && run.plannedAt !== null;
  const plan = useRead('showPlan', { params }, { enabled: hasPlan });
  if (run === undefined) return null;
  const rows = Object.values(run.progress).reduce((sum, part) => sum + part.rows, 0);
  return (
    <Stack gap="lg">
      <div role="status">
        <Tag tone={hasPlan ? 'good' : runTones[run.state]}>{text(`run.${run.state}`)}</Tag>{' '}
        {text('setup.roster.reading', { rows: count(rows) })}
      </div>
      {run.advice !== null && !hasPlan && (
        <Note tone="bad" role="alert" title={run.reason}>
          <Text size="sm">{run.advice}</Text>
        </Note>
      )}
      {plan.data && <PlanView plan={plan.data.plan} />}
      {hasPlan && (
        <Section title={text('findings.title')}>
          <Findings params={params} />
        </Section>
      )}
    </Stack>
  );
}
