import { Button, Group, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { actions, type Purpose, purposes, templateNames } from '../../../../contracts/privacy.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Section } from '../../parts/page.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { actionOf, type Rules, withRule } from './policy-draft.ts';

type Shown = Reply<'showPolicy'>;
type Seen = Reply<'previewPolicy'>['purposes'][number]['fields'][number]['released'] | undefined;

export interface PolicyEditorProps {
  params: { slug: string; tool: string };
  policy: Shown;
  draft: Rules | undefined;
  setDraft: (draft: Rules | undefined) => void;
}

/** Each field of a made-up pupil for one purpose: what the tool sees of it, and what it would see by the draft. */
export function PolicyEditor({ params, policy, draft, setDraft }: PolicyEditorProps) {
  const { text } = useLanguage();
  const { can } = useSession();
  const [url, change] = useUrlState();
  const purpose = oneOf(purposes, url.purpose) ?? 'launch';
  const rules = draft ?? policy.policy.rules;
  const [settled] = useDebouncedValue(draft, 250);
  const now = useRead('previewPolicy', { params });
  const after = useRead(
    'previewPolicy',
    { params, query: settled === undefined ? {} : { rules: JSON.stringify(settled) } },
    { keep: true },
  );
  const seen = (preview: Reply<'previewPolicy'> | undefined, field: string): Seen =>
    preview?.purposes.find((each) => each.purpose === purpose)?.fields.find((each) => each.field === field)
      ?.released;
  return (
    <Section
      title={text('policy.fields')}
      actions={
        draft !== undefined && (
          <Button size="xs" variant="default" onClick={() => setDraft(undefined)}>
            {text('policy.drop')}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <SegmentedControl
            aria-label={text('policy.purpose')}
            value={purpose}
            onChange={(chosen) => change({ purpose: chosen })}
            data={purposes.map((value) => ({ value, label: text(`purpose.${value}`) }))}
          />
          {can('tools:write') && (
            <NativeSelect
              label={text('policy.template')}
              value=""
              onChange={({ currentTarget: { value } }) => {
                const name = oneOf(templateNames, value);
                if (name !== undefined) setDraft(policy.templates[name]);
              }}
              data={[
                { value: '', label: text('policy.template.choose') },
                ...templateNames.map((value) => ({ value, label: text(`policyTemplate.${value}`) })),
              ]}
            />
          )}
        </Group>
        {after.isError && <FailureNote error={after.error} />}
        <DataTable
          plain
          name="policy-fields"
          label={text('policy.fields')}
          rows={fieldsOf(policy, rules, purpose)}
          rowKey={({ field }) => field}
          empty={text('word.none')}
          columns={[
            {
              key: 'field',
              header: text('policy.field'),
              cell: ({ field, title }) => (
                <>
                  {title} <span className="code quiet">{field}</span>
                </>
              ),
            },
            {
              key: 'action',
              header: text('policy.action'),
              cell: ({ field, title, isList }) =>
                can('tools:write') ? (
                  <NativeSelect
                    aria-label={`${text('policy.action')}: ${title}`}
                    size="xs"
                    w={124}
                    value={actionOf(rules, purpose, field)}
                    onChange={({ currentTarget: { value } }) =>
                      setDraft(withRule(rules, purpose, field, oneOf(actions, value) ?? 'drop'))
                    }
                    data={actions
                      .filter((action) => action !== 'hash' || !isList)
                      .map((value) => ({ value, label: text(`releaseAction.${value}`) }))}
                  />
                ) : (
                  text(`releaseAction.${actionOf(rules, purpose, field)}`)
                ),
            },
            {
              key: 'now',
              header: text('policy.seesNow'),
              cell: ({ field }) => <Value of={seen(now.data, field)} />,
            },
            {
              key: 'after',
              header: text('policy.wouldSee'),
              cell: ({ field }) => {
                const [before, then] = [seen(now.data, field), seen(after.data, field)];
                const differs = JSON.stringify(before ?? null) !== JSON.stringify(then ?? null);
                return differs ? (
                  <strong className="differs">
                    <Value of={then} />
                  </strong>
                ) : (
                  <Value of={then} />
                );
              },
            },
          ]}
        />
        <Text size="xs" c="dimmed">
          {text('policy.madeUp')}
        </Text>
      </Stack>
    </Section>
  );
}

function Value({ of: seen }: { of: Seen }) {
  const { text } = useLanguage();
  if (seen == null) return <span className="quiet">{text('policy.nothing')}</span>;
  return <span className="code">{Array.isArray(seen) ? seen.join(', ') : seen}</span>;
}

/** Every field there is, and those custom ones that the rules name. */
function fieldsOf({ fields }: Shown, rules: Rules, purpose: Purpose) {
  const known = fields.map(({ field, title, kind }) => ({ field, title, isList: kind === 'list' }));
  const others = Object.keys(rules[purpose] ?? {}).filter(
    (field) => !known.some((each) => each.field === field),
  );
  return [...known, ...others.map((field) => ({ field, title: field, isList: false }))];
}
