import { NativeSelect } from '@mantine/core';
import { reportLanguages } from '../../../../contracts/reports.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { languages } from '../../i18n/translate.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import type { Entered } from '../../parts/fields.ts';

export type Target = Reply<'listTargets'>['targets'][number];

interface ActProps {
  slug: string | undefined;
  target: Target;
}

/** Says whether a target of mail gets the report of each month, and in which language. */
export function SetReport({ slug, target: { targetId, reportLanguage } }: ActProps) {
  const { text } = useLanguage();
  const body = (entered: Entered) => ({
    language: reportLanguages.find((each) => each === entered.text('language')) ?? null,
    ...withReason(entered.given('reason')),
  });
  const shared = {
    label: text('targets.report.set'),
    reason: 'asked',
    children: (
      <NativeSelect
        name="language"
        label={text('targets.report.language')}
        description={text('targets.report.about')}
        defaultValue={reportLanguage ?? ''}
        data={[
          { value: '', label: text('targets.report.none') },
          ...reportLanguages.map((value) => ({ value, label: languages[value] })),
        ]}
      />
    ),
  } as const;
  return slug === undefined ? (
    <Ask
      {...shared}
      name="setHubReportMail"
      input={(entered) => ({ params: { targetId }, body: body(entered) })}
    />
  ) : (
    <Ask
      {...shared}
      name="setReportMail"
      input={(entered) => ({ params: { slug, targetId }, body: body(entered) })}
    />
  );
}

/** Has a target told of nothing more. */
export function RemoveTarget({ slug, target: { targetId, name } }: ActProps) {
  const { text } = useLanguage();
  const shared = {
    label: text('targets.remove'),
    danger: true,
    children: text('targets.remove.about', { name }),
  } as const;
  return slug === undefined ? (
    <Act
      {...shared}
      name="removeHubTarget"
      input={(reason) => ({ params: { targetId }, query: withReason(reason) })}
    />
  ) : (
    <Act
      {...shared}
      name="removeTarget"
      input={(reason) => ({ params: { slug, targetId }, query: withReason(reason) })}
    />
  );
}
