import { Checkbox, Stack } from '@mantine/core';
import { useState } from 'react';
import { shownOfPeople } from '../../../../contracts/people.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts } from '../../parts/facts.tsx';
import { defined } from '../../parts/fields.ts';

type Disclosed = Reply<'discloseReview'>['review'];

/** Shows what the two of an item are called. That is put on record, and gone again when the dialog is closed. */
export function Disclose({ slug, reviewId }: { slug: string; reviewId: string }) {
  const { text } = useLanguage();
  const [review, setReview] = useState<Disclosed>();
  return (
    <>
      <Ask
        name="discloseReview"
        label={text('reviews.disclose')}
        reason="needed"
        input={(entered) => ({
          params: { slug, reviewId },
          body: {
            show: shownOfPeople.filter((each) => entered.all('show').includes(each)),
            ...defined({ reason: entered.given('reason') }),
          },
        })}
        onDone={(reply) => setReview(reply.review)}
      >
        <fieldset className="boxes">
          <legend>{text('reviews.disclose.what')}</legend>
          {shownOfPeople.map((value) => (
            <Checkbox
              key={value}
              name="show"
              value={value}
              label={text(`reviews.disclose.${value}`)}
              defaultChecked={value === 'names'}
            />
          ))}
        </fieldset>
      </Ask>
      <Dialog
        opened={review !== undefined}
        onClose={() => setReview(undefined)}
        title={text('reviews.disclose')}
      >
        {review && <Both review={review} />}
      </Dialog>
    </>
  );
}

function Both({ review }: { review: Disclosed }) {
  const { text } = useLanguage();
  const sides = review.personId === review.otherId ? [review.person] : [review.person, review.other];
  return (
    <Stack gap="sm">
      {sides.map((side, index) => (
        <Facts
          // biome-ignore lint/suspicious/noArrayIndexKey: two sides that never change places
          key={index}
          of={[
            [text('account.name'), side?.name],
            ...(side?.links ?? []).map(({ kind, subject }) => [kind, subject] as const),
          ]}
        />
      ))}
      {review.sourcedId !== undefined && <Facts of={[['sourcedId', review.sourcedId]]} />}
    </Stack>
  );
}
