import type { DeliveryId } from '../../../contracts/ids.ts';
import { explainDelivery, getDelivery, largestPage, listDeliveries } from '../../grades/deliveries.ts';
import type { DeliveryAttempt, DeliveryDetails } from '../../grades/delivery.ts';
import { deliveryStates } from '../../grades/states.ts';
import type { Command } from '../command.ts';
import { columns, facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { completeFilter, filterOptions, readFilter } from './grades-filter.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const ofDeliveries = { usual: 20, most: largestPage };

export const gradesList: Command = {
  name: 'grades list',
  about: 'List scores on their way to the LMS, newest first',
  options: {
    ...tenantOption,
    state: { value: 'state', about: 'Those in this state', choices: deliveryStates },
    ...filterOptions,
    ...limitOption(ofDeliveries),
    before: { value: 'id', about: 'Those before this delivery: the last one of the page before' },
  },
  examples: [
    'grades list --tenant northfield --state refused',
    'grades list --tenant northfield --cause course_closed --since 2026-03-01',
  ],
  async run({ values, open }) {
    const limit = readLimit(values, ofDeliveries);
    const given = readFilter(values);
    const state = values.optionalChoice('state', deliveryStates);
    const before = values.optionalId<DeliveryId>('before');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const deliveries = await hub.db.withTenant(tenantId, async (tx) =>
      listDeliveries(tx, { ...(await completeFilter(tx, given)), state }, { limit, before }),
    );
    const rows = deliveries.map((each) => [
      each.deliveryId,
      instant(each.acceptedAt.getTime()),
      each.state,
      each.reason ?? '–',
      String(each.attempts),
      each.lineItemId,
    ]);
    const heading = ['ID', 'ACCEPTED', 'STATE', 'REASON', 'TRIES', 'LINE ITEM'];
    return { json: { deliveries }, text: table(heading, rows, 'There is no such delivery.') };
  },
};

export const gradesShow: Command = {
  name: 'grades show',
  about: 'Explain one delivery: its tries, whose turn it is and what mends it; never the score',
  arguments: [{ name: 'id', about: 'The delivery; grades list shows them' }],
  options: tenantOption,
  examples: ['grades show 0199c5a4-0000-7000-8000-000000000000 --tenant northfield'],
  async run({ values, open }) {
    const deliveryId = values.id<DeliveryId>('id');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const delivery = await hub.db.withTenant(tenantId, (tx) => getDelivery(tx, deliveryId));
    const explanation = explainDelivery(delivery);
    const tries = delivery.tries.map(showTry);
    return {
      json: { delivery, explanation },
      text: [
        describe(delivery),
        ...(tries.length === 0 ? [] : [`Tries:\n${columns(tries)}`]),
        `${explanation.happened}\n${say(explanation)}`,
      ].join('\n\n'),
    };
  },
};

function describe({ tries: _tries, route, ...rest }: DeliveryDetails): string {
  const time = (at: Date | null) => at && instant(at.getTime());
  return facts({
    ...rest,
    scoreTimestamp: time(rest.scoreTimestamp),
    acceptedAt: time(rest.acceptedAt),
    endedAt: time(rest.endedAt),
    dueAt: time(rest.dueAt),
    connection: route.reason === null ? route.state : `${route.state} (${route.reason})`,
  });
}

function showTry(attempt: DeliveryAttempt): string[] {
  const seconds = (attempt.endedAt.getTime() - attempt.startedAt.getTime()) / 1_000;
  return [
    `  ${attempt.attempt}`,
    instant(attempt.startedAt.getTime()),
    `${seconds.toFixed(1)} s`,
    attempt.httpStatus === null ? '–' : String(attempt.httpStatus),
    attempt.outcome,
    attempt.reason ?? '',
  ];
}

const whose = { lms: 'the school, at its LMS', tool: 'the tool’s maker', hub: 'the hub’s operator' };

function say({ turn, advice }: ReturnType<typeof explainDelivery>): string {
  const todo = advice === undefined ? 'Nothing has to be done.' : `What to do: ${advice}`;
  return turn === 'nobody' ? todo : `${todo}\nWhose turn: ${whose[turn]}.`;
}
