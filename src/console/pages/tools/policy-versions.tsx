import { Button } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/page.tsx';
import { When } from '../../parts/when.tsx';
import { countReleased, diffRules, type Rules } from './policy-draft.ts';

/** Every version of a policy, with what it changed; an old one can be taken as a draft again. */
export function PolicyVersions({
  policy,
  onTake,
}: {
  policy: Reply<'showPolicy'>;
  onTake: (rules: Rules) => void;
}) {
  const { text, count } = useLanguage();
  const { can } = useSession();
  const { versions } = policy;
  return (
    <Section title={text('policy.versions')}>
      <DataTable
        plain
        name="policy-versions"
        label={text('policy.versions')}
        rows={versions}
        rowKey={({ version }) => String(version)}
        empty={text('word.none')}
        columns={[
          { key: 'version', header: text('policy.version'), cell: ({ version }) => version },
          {
            key: 'createdAt',
            header: text('policy.since'),
            cell: ({ createdAt }) => <When at={createdAt} />,
          },
          {
            key: 'released',
            header: text('policy.released'),
            end: true,
            cell: ({ rules }) => count(countReleased(rules)),
          },
          {
            key: 'changes',
            header: text('audit.change'),
            cell: ({ version, rules }) => {
              const before = versions.find((each) => each.version < version);
              return diffRules(before?.rules ?? {}, rules)
                .map(({ purpose, field, to }) => `${purpose}.${field}: ${text(`releaseAction.${to}`)}`)
                .join(', ');
            },
          },
          {
            key: 'act',
            header: text('table.actions'),
            cell: ({ version, rules }) =>
              can('tools:write') &&
              version !== policy.policy.version && (
                <Button size="xs" variant="default" onClick={() => onTake(rules)}>
                  {text('policy.take', { version })}
                </Button>
              ),
          },
        ]}
      />
    </Section>
  );
}
