import { Text } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { toneOfSignIn } from './sign-ins.tsx';

/** A try to sign in, rule by rule. */
export function SignInTrace() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const reference = usePathValue('reference');
  const shown = useRead('showSignIn', { params: { slug, reference } });
  return (
    <Page
      title={text('signIns.one', { reference })}
      above={
        <TextLink to="/institutions/$slug/sign-ins" params={{ slug }}>
          {text('nav.signIns')}
        </TextLink>
      }
    >
      <Loaded of={shown}>
        {({ signIns }) => signIns.map((signIn) => <SignInRules key={signIn.signInId} signIn={signIn} />)}
      </Loaded>
    </Page>
  );
}

/** What came of one try, rule by rule. */
export function SignInRules({ signIn }: { signIn: Reply<'showSignIn'>['signIns'][number] }) {
  const { text, word } = useLanguage();
  const { explanation, outcome } = signIn;
  return (
    <>
      {explanation && (
        <Note tone="bad" title={signIn.reason}>
          <Text size="sm">{explanation.advice}</Text>
          <Text size="sm">{explanation.helpDesk}</Text>
          <Text size="sm" c="dimmed">
            {text(`turn.${explanation.turn}`)} · {explanation.specification}
          </Text>
        </Note>
      )}
      <Facts
        of={[
          [
            text('exchanges.outcome'),
            <Tag key="outcome" tone={toneOfSignIn(outcome)}>
              {word('outcome', outcome)}
            </Tag>,
          ],
          [text('signIns.at'), <When key="at" at={signIn.at} />],
          [text('identities.protocol'), signIn.protocol.toUpperCase()],
          [text('signIns.how'), signIn.how],
          [text('signIns.test'), text(signIn.test ? 'word.yes' : 'word.no')],
        ]}
      />
      <Section title={text('signIns.rules')}>
        <DataTable
          plain
          name="rules"
          label={text('signIns.rules')}
          rows={signIn.trace}
          rowKey={({ rule }) => rule}
          empty={text('word.none')}
          columns={[
            { key: 'rule', header: text('launches.check'), cell: ({ rule }) => rule.replaceAll('_', ' ') },
            {
              key: 'passed',
              header: text('launches.result'),
              cell: ({ passed }) => (
                <Tag tone={passed ? 'good' : 'bad'}>{text(passed ? 'step.passed' : 'step.failed')}</Tag>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}
