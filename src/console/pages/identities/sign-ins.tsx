import type { Outcome } from '../../../../contracts/health.ts';
import { outcomes } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { toneOfOutcome } from '../health/tones.ts';

type SignIn = Reply<'listSignIns'>['signIns'][number];
const pageSize = 50;

/** How an outcome looks that this page may not know. */
export function toneOfSignIn(outcome: string): Tone {
  const known: Outcome | undefined = oneOf(outcomes, outcome);
  return known === undefined ? 'calm' : toneOfOutcome(known);
}

/** Tries to sign in: those that were let in, those that were not, and tests. */
export function SignInList() {
  const { text, word } = useLanguage();
  const slug = usePathValue('slug');
  const [url, change] = useUrlState();
  const query = {
    limit: pageSize,
    ...(url.connectionId ? { connectionId: url.connectionId } : {}),
    ...(url.before ? { before: url.before } : {}),
  };
  const signIns = useRead('listSignIns', { params: { slug }, query }, { keep: true });
  const columns: Column<SignIn>[] = [
    {
      key: 'reference',
      header: text('launches.reference'),
      cell: ({ reference }) => (
        <TextLink to="/institutions/$slug/sign-ins/$reference" params={{ slug, reference }} className="code">
          {reference}
        </TextLink>
      ),
      value: ({ reference }) => reference,
    },
    { key: 'at', header: text('signIns.at'), cell: ({ at }) => <When at={at} />, value: ({ at }) => at },
    {
      key: 'outcome',
      header: text('exchanges.outcome'),
      cell: ({ outcome }) => <Tag tone={toneOfSignIn(outcome)}>{word('outcome', outcome)}</Tag>,
      value: ({ outcome }) => outcome,
    },
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ reason }) => (reason === null ? '–' : <span className="code">{reason}</span>),
      value: ({ reason }) => reason,
    },
    {
      key: 'protocol',
      header: text('identities.protocol'),
      cell: ({ protocol, test }) => [protocol.toUpperCase(), test ? text('signIns.test') : ''].join(' '),
      value: ({ protocol }) => protocol,
    },
  ];
  return (
    <Page title={text('nav.signIns')} about={text('signIns.about')}>
      <Loaded of={signIns}>
        {(data) => (
          <DataTable
            name="sign-ins"
            label={text('nav.signIns')}
            rows={data.signIns}
            rowKey={({ signInId }) => signInId}
            columns={columns}
            empty={text('signIns.empty')}
            pager={
              <Pager
                now={url.before}
                next={data.signIns.length < pageSize ? null : (data.signIns.at(-1)?.signInId ?? null)}
                turn={(before) => change({ before })}
              />
            }
          />
        )}
      </Loaded>
    </Page>
  );
}
