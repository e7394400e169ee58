import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { When } from '../../parts/when.tsx';
import { type ProfileLine, planProfileLines } from './profile.ts';

type Plans = Reply<'showReadiness'>['connections'][number]['plans'];

/** A roster's last plan beside last year's rollover: what it adds, removes, and leaves. */
export function ProfileTable({ name, plans }: { name: string; plans: Plans }) {
  const { text, count, percent, word } = useLanguage();
  const value = (line: ProfileLine, side: 'latest' | 'lastYear') => {
    const found = line[side];
    if (found === undefined) return '–';
    if (found.share === undefined) return count(found.rows);
    return `${count(found.rows)} (${percent(found.share)})`;
  };
  const side = (key: 'latest' | 'lastYear'): Column<ProfileLine> => ({
    key,
    header: text(`readiness.profile.${key}`),
    end: true,
    cell: (line) => (line.what === 'planned' ? <When at={plans[key]?.at} /> : value(line, key)),
  });
  const shown = (line: ProfileLine) =>
    line.entity === undefined
      ? text(`readiness.profile.${line.what as 'planned' | 'added' | 'removed'}`)
      : text('readiness.profile.rows', { entity: word('entity', line.entity) });
  return (
    <DataTable
      plain
      name="readiness-profile"
      label={name}
      rows={planProfileLines(plans)}
      rowKey={({ what, entity }) => `${what} ${entity}`}
      empty={text('word.none')}
      columns={[
        { key: 'what', header: text('readiness.profile.what'), cell: shown },
        side('latest'),
        side('lastYear'),
      ]}
    />
  );
}
