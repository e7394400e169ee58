import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { ltiClaim, opaqueId } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { reasonOf } from '../../support/launch-rows.ts';
import { choose, giveKeys, readSentOn } from './support.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const signing = await giveKeys(testDatabase, world.tool);
const place = (path: string) => `http://tool.localhost:${world.port}${path}`;
const review = {
  reviewableStatus: ['Completed'],
  label: 'Look',
  url: place('/review/1'),
  custom: { view: 'review', phone: '$Person.phone.mobile' },
};
const quiz = (submissionReview: object) => ({
  type: 'ltiResourceLink',
  title: 'Cells',
  url: place('/quiz/1'),
  lineItem: { label: 'Quiz', scoreMaximum: 20, submissionReview },
});

/** The review of the one line item, as the LMS gets it. */
async function sent(submissionReview: object, settings: Parameters<typeof choose>[3] = {}) {
  const { answer } = await choose(world, signing, [quiz(submissionReview)], settings);
  const { items } = await readSentOn(world, answer);
  return items[0] as { url: string; lineItem: { submissionReview: Record<string, unknown> } };
}

test('a review that is chosen along with a link goes under an address of its own, and a launch of it opens its place', async () => {
  const { url, lineItem } = await sent(review);
  const { submissionReview } = lineItem;
  expect(submissionReview).toEqual({
    reviewableStatus: ['Completed'],
    label: 'Look',
    url: expect.stringMatching(/\/t\/northside\/open\/sample-tool\?item=/),
    custom: { view: 'review' },
  });
  expect(submissionReview.url).not.toBe(url);
  const told = await claimsToldTo(world, {
    person: 'ns-okafor',
    link: 'ns-cell-lab',
    tampering: {
      claims: (claims) => ({
        ...claims,
        [ltiClaim('message_type')]: 'LtiSubmissionReviewRequest',
        [ltiClaim('target_link_uri')]: submissionReview.url,
        [claim.forUser]: { user_id: opaqueId('sub', 'ns-nwosu') },
        [claim.agsEndpoint]: {
          scope: [agsScope.lineItem],
          lineitems: 'https://lms.example/items',
          lineitem: 'https://lms.example/items/1',
        },
      }),
    },
  });
  expect(told[claim.targetLinkUri]).toBe(review.url);
  expect(told[claim.custom]).toMatchObject({ view: 'review' });
});

test('a review at the link needs no address', async () => {
  const { url: _none, ...atLink } = review;
  const { lineItem } = await sent(atLink);
  expect(lineItem.submissionReview).not.toHaveProperty('url');
});

test('a review at an address that is not the tool’s ends the answer', async () => {
  const { answer } = await choose(world, signing, [quiz({ ...review, url: 'https://elsewhere.example/' })]);
  expect(reasonOf(answer.body)).toBe('answer_item_outside_tool');
});
