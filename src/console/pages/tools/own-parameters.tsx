import { Textarea } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { Facts } from '../../parts/facts.tsx';
import { defined } from '../../parts/fields.ts';
import { Section } from '../../parts/page.tsx';
import { readPairs } from './pairs.ts';

/** Custom parameters that a tool gets in every launch of the institution (LTI Core 1.3 §5.4.6). */
export function OwnParameters({
  slug,
  enablement: { slug: tool, custom, status },
}: {
  slug: string;
  enablement: Reply<'listEnablements'>['enablements'][number];
}) {
  const { text } = useLanguage();
  const { can } = useSession();
  const pairs = Object.entries(custom);
  return (
    <Section
      title={text('ownTools.custom')}
      actions={
        can('tools:write') &&
        status === 'active' && (
          <Ask
            name="setToolCustom"
            label={text('form.change')}
            reason="asked"
            input={(entered) => ({
              params: { slug, tool },
              body: {
                custom: readPairs(entered.lines('custom')),
                ...defined({ reason: entered.given('reason') }),
              },
            })}
          >
            <Textarea
              name="custom"
              label={text('ownTools.custom')}
              description={text('ownTools.custom.about')}
              defaultValue={pairs.map(([name, value]) => `${name}=${value}`).join('\n')}
              autosize
              minRows={3}
            />
          </Ask>
        )
      }
    >
      {pairs.length === 0 ? <div className="empty">{text('word.none')}</div> : <Facts of={pairs} />}
    </Section>
  );
}
