import type { ConnectionId, OnboardingId } from '../../../contracts/ids.ts';
import {
  onboardingKinds,
  onboardingStages,
  type StageEvidence,
  waitingSides,
} from '../../../contracts/onboarding.ts';
import type { ForecastResult } from '../../health/onboarding/forecast.ts';
import {
  changeOnboarding,
  getOnboarding,
  listOnboardings,
  type OnboardingChanges,
  type OnboardingView,
  readLeadTimes,
  requestOnboarding,
} from '../../health/onboarding/onboardings.ts';
import { type Command, changing } from '../command.ts';
import { facts, instant, table } from '../layout.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const argument = { name: 'onboarding', about: 'Its id, as onboarding list has it' };
const exampleId = '0199c5a4-0000-7000-8000-000000000000';
const dayMs = 86_400_000;

export const onboardingRequest: Command = {
  name: 'onboarding request',
  about: 'Begin a new integration, with the day it was asked for',
  options: {
    ...tenantOption,
    name: { value: 'text', about: 'What people call it', required: true },
    partner: { value: 'name', about: 'The product on the other side, such as canvas', required: true },
    kind: { value: 'kind', about: 'What is connected', choices: onboardingKinds, required: true },
    connection: { value: 'id', about: 'The connection, where it is made already' },
    promised: { value: 'date', about: 'By when it was promised, such as 2026-12-01' },
    ...changing,
  },
  examples: [
    'onboarding request --tenant northfield --name "Canvas" --partner canvas --kind lms --promised 2026-12-01',
  ],
  async run({ values, open }) {
    const [connectionId, promisedOn] = [
      values.optionalId<ConnectionId>('connection'),
      values.optional('promised'),
    ];
    const input = {
      ...{ name: values.text('name'), partner: values.text('partner') },
      kind: values.choice('kind', onboardingKinds),
      ...(connectionId && { connectionId }),
      ...(promisedOn && { promisedOn }),
    };
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const onboarding = await requestOnboarding(hub.db, tenantId, input, by);
    return { json: { onboarding }, text: `It is requested (${onboarding.onboardingId}).` };
  },
};

export const onboardingList: Command = {
  name: 'onboarding list',
  about: 'List a school’s new integrations and whose turn it is',
  options: tenantOption,
  examples: ['onboarding list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const onboardings = await hub.db.withTenant(tenantId, listOnboardings);
    const rows = onboardings.map((each) => [
      ...[each.onboardingId, each.partner, each.kind, each.stage],
      each.endedAt === null ? each.waitingOn : '–',
      each.promisedOn ?? '–',
      each.name,
    ]);
    const heading = ['ID', 'PARTNER', 'KIND', 'STAGE', 'WAITS FOR', 'PROMISED', 'NAME'];
    return { json: { onboardings }, text: table(heading, rows, 'No integration was ever requested.') };
  },
};

export const onboardingShow: Command = {
  name: 'onboarding show',
  about: 'Show how long each stage took, whom it waited for, and when it will be stable',
  arguments: [argument],
  options: tenantOption,
  examples: [`onboarding show ${exampleId} --tenant northfield`],
  async run({ values, open }) {
    const onboardingId = values.id<OnboardingId>('onboarding');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const view = await getOnboarding(hub.db, tenantId, onboardingId, by.now);
    const { onboarding, entries, dwell, forecast } = view;
    const rows = onboardingStages.flatMap((stage) => {
      const took = dwell.stages[stage];
      return took === null ? [] : [[stage, inDays(took), String(dwell.reentries[stage])]];
    });
    const { us, partner, school } = dwell.waiting;
    const text = [
      facts({ ...onboarding, requestedAt: onboarding.requestedAt.toISOString() }),
      `\n${table(['STAGE', 'DAYS', 'ENTERED AGAIN'], rows, '')}`,
      `\n${table(['SINCE', 'STAGE', 'WAITS FOR', 'SHOWN BY'], entries.map(rowOfEntry), '')}`,
      `\nWaited for us ${inDays(us)} days, for the partner ${inDays(partner)}, for the school ${inDays(school)}.`,
      ...(forecast === undefined ? [] : [sayForecast(forecast)]),
    ];
    return { json: view, text: text.join('\n') };
  },
};

export const onboardingMove: Command = {
  name: 'onboarding move',
  about: 'Move an integration to its next stage or back to an earlier one, or say what is known of it',
  arguments: [argument],
  options: {
    ...tenantOption,
    next: { about: 'To the next stage; stable it becomes by itself' },
    back: { value: 'stage', about: 'To an earlier stage', choices: onboardingStages },
    'waiting-on': { value: 'side', about: 'Whose turn it is', choices: waitingSides },
    withdraw: { about: 'Nobody wants it any more' },
    connection: { value: 'id', about: 'The connection it has become' },
    promised: { value: 'date', about: 'By when it is promised' },
    'no-promise': { about: 'Nothing is promised any more' },
    ...changing,
  },
  examples: [
    `onboarding move ${exampleId} --tenant northfield --next`,
    `onboarding move ${exampleId} --tenant northfield --back credentials --reason "The secret was wrong"`,
    `onboarding move ${exampleId} --tenant northfield --waiting-on partner --promised 2026-12-15`,
  ],
  async run({ values, open }) {
    const onboardingId = values.id<OnboardingId>('onboarding');
    const changes = readChanges(values);
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const onboarding = await changeOnboarding(hub.db, tenantId, onboardingId, changes, by);
    return {
      json: { onboarding },
      text: `It is ${onboarding.stage} and waits for: ${onboarding.waitingOn}.`,
    };
  },
};

/** @throws UsageError for several moves at once, or none and nothing else */
function readChanges(values: Values): OnboardingChanges {
  const back = values.optionalChoice('back', onboardingStages);
  const side = values.optionalChoice('waiting-on', waitingSides);
  const events: NonNullable<OnboardingChanges['event']>[] = [
    ...(values.flag('next') ? [{ type: 'advance' } as const] : []),
    ...(back === undefined ? [] : [{ type: 'return', to: back } as const]),
    ...(side === undefined ? [] : [{ type: 'wait', on: side } as const]),
    ...(values.flag('withdraw') ? [{ type: 'withdraw' } as const] : []),
  ];
  const [event, other] = events;
  if (other !== undefined)
    throw values.wrong('next', '--back, --waiting-on and --withdraw exclude each other');
  const promisedOn = values.flag('no-promise') ? null : values.optional('promised');
  const connectionId = values.optionalId<ConnectionId>('connection');
  if (event === undefined && promisedOn === undefined && connectionId === undefined)
    throw values.nothingGiven();
  return { event, connectionId, promisedOn };
}

export const onboardingLeadTimes: Command = {
  name: 'onboarding lead-times',
  about: 'How long new integrations took over all schools, from the request to seven good days',
  examples: ['onboarding lead-times'],
  async run({ open }) {
    const { hub, by } = await open();
    const times = await readLeadTimes(hub.db, by.now);
    const rows = times.cohorts.map(({ month, count, p50, p85, isSmall }) => [
      ...[month, String(count), inDays(p50), inDays(p85), isSmall ? 'few' : ''],
    ]);
    const ages = times.openAges.map(inDays).join(', ');
    const text = [
      table(['STABLE IN', 'COUNT', 'P50 DAYS', 'P85 DAYS', ''], rows, 'None has become stable yet.'),
      `\nDays since the request of those that are open: ${ages === '' ? '–' : ages}`,
    ];
    return { json: times, text: text.join('\n') };
  },
};

const saysOf: Readonly<Record<StageEvidence, string>> = {
  sharing_agreed: 'the school has agreed to what is shared',
  connection_made: 'its connection was made',
  connection_switched_on: 'its connection was switched on',
  tried_well: 'it went well once',
  plan_approved: 'somebody has approved a plan that waited',
  in_use: 'people use it',
};

function rowOfEntry({ at, stage, waitingOn, evidence, actor }: OnboardingView['entries'][number]): string[] {
  return [instant(at.getTime()), stage, waitingOn, evidence === null ? `${actor} said so` : saysOf[evidence]];
}

function inDays(ms: number): string {
  return (ms / dayMs).toFixed(1);
}

function sayForecast(forecast: ForecastResult): string {
  if (forecast.kind === 'unknown') {
    return `No forecast: only ${forecast.samples} have passed the stage ${forecast.stage} before.`;
  }
  if (forecast.kind === 'overdue') {
    return `No forecast: it is in ${forecast.stage} for longer than all ${forecast.samples} before it.`;
  }
  const { early, likely, late, basis, samples, isSmall } = forecast.forecast;
  const [from, middle, to] = [early, likely, late].map((at) => new Date(at).toISOString().slice(0, 10));
  const ground = { partner_and_kind: 'like ones of this partner', kind: 'its kind', everybody: 'all others' }[
    basis
  ];
  const few = isSmall ? `, of which there are only ${samples}` : '';
  return `Stable between ${from} and ${to}, likely by ${middle}: from the stages of ${ground}${few}.`;
}
