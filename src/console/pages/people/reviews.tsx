import { Group } from '@mantine/core';
import { reviewStates } from '../../../../contracts/people.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Choice } from '../../parts/choice.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { Disclose } from './disclose.tsx';

type Review = Reply<'listReviews'>['reviews'][number];

/** Who may be one person and who may not: which fields agree and differ, by ids and never by values. */
export function ReviewQueue() {
  const { text, word } = useLanguage();
  const slug = usePathValue('slug');
  const [url, change] = useUrlState();
  const state = oneOf(reviewStates, url.state) ?? 'open';
  const query = { state, limit: 50, ...(url.after ? { after: url.after } : {}) };
  const reviews = useRead('listReviews', { params: { slug }, query }, { keep: true });
  const columns: Column<Review>[] = [
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ reason }) => word('review', reason),
      value: ({ reason }) => reason,
    },
    {
      key: 'agree',
      header: text('reviews.agree'),
      cell: ({ agree }) => agree.join(', ') || '–',
      value: ({ agree }) => agree.join(' '),
    },
    {
      key: 'differ',
      header: text('reviews.differ'),
      cell: ({ differ }) => differ.join(', ') || '–',
      value: ({ differ }) => differ.join(' '),
    },
    {
      key: 'people',
      header: text('reviews.people'),
      cell: ({ personId, otherId }) => (
        <span className="code">{[...new Set([personId, otherId])].join(' · ')}</span>
      ),
      value: ({ personId, otherId }) => `${personId} ${otherId}`,
    },
    {
      key: 'foundAt',
      header: text('reviews.foundAt'),
      cell: ({ foundAt }) => <When at={foundAt} />,
      value: ({ foundAt }) => foundAt,
    },
    {
      key: 'act',
      header: text('table.actions'),
      cell: (review) => (review.state === 'open' ? <Decide slug={slug} review={review} /> : review.decidedBy),
    },
  ];
  return (
    <Page title={text('nav.reviews')} about={text('reviews.about')}>
      <Loaded of={reviews} lines={6}>
        {(data) => (
          <DataTable
            name="reviews"
            label={text('nav.reviews')}
            rows={data.reviews}
            rowKey={({ reviewId }) => reviewId}
            columns={columns}
            empty={text('reviews.empty')}
            filters={
              <Choice
                label={text('overview.state')}
                value={state}
                options={reviewStates.map((value) => ({ value, label: word('reviewState', value) }))}
                onChange={(value) => change({ state: value })}
              />
            }
            pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
          />
        )}
      </Loaded>
    </Page>
  );
}

function Decide({ slug, review }: { slug: string; review: Review }) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (!can('people:write')) return null;
  const input = (reason: string | undefined) => ({
    params: { slug, reviewId: review.reviewId },
    body: withReason(reason),
  });
  const isPair = review.personId !== review.otherId;
  return (
    <Group gap="xs" wrap="nowrap">
      <Disclose slug={slug} reviewId={review.reviewId} />
      {isPair && (
        <Act name="joinReview" label={text('reviews.join')} input={input}>
          {text('reviews.join.about')}
        </Act>
      )}
      {isPair && (
        <Act name="keepReviewApart" label={text('reviews.apart')} input={input}>
          {text('reviews.apart.about')}
        </Act>
      )}
      <Act name="dismissReview" label={text('reviews.dismiss')} input={input}>
        {text('reviews.dismiss.about')}
      </Act>
    </Group>
  );
}
