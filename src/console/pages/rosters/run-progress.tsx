import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Facts } from '../../parts/facts.tsx';
import { Section } from '../../parts/page.tsx';
import type { RunParams } from './run.tsx';
import { useRunProgress } from './use-run-progress.ts';

/** How far a run is that is under way: rows of each kind, how fast they come, and how long it still takes. */
export function RunProgress({ run, params }: { run: Reply<'showRun'>['run']; params: RunParams }) {
  const { text, count, word, duration } = useLanguage();
  const live = useRunProgress(params);
  const asked = Object.entries(run.progress).map(([entity, { rows, done }]) => ({ entity, rows, done }));
  const byEntity = live?.byEntity ?? asked;
  if (byEntity.length === 0) return null;
  const { rowsPerSecond = null, secondsLeft = null } = live ?? {};
  return (
    <Section title={text('runs.progress')}>
      <Facts
        of={byEntity.map(({ entity, rows, done }) => [
          word('entity', entity),
          text(done ? 'runs.read' : 'runs.reading', { rows: count(rows) }),
        ])}
      />
      <p className="quiet">
        {[
          rowsPerSecond !== null && text('runs.rate', { rate: count(Math.round(rowsPerSecond)) }),
          secondsLeft !== null && text('runs.left', { duration: duration(secondsLeft * 1_000) }),
        ]
          .filter((part) => part !== false)
          .join(' · ')}
      </p>
    </Section>
  );
}
