import {
  explainLaunch,
  findLaunches,
  listLaunches,
  type StoredLaunch,
  type TraceStep,
} from '../../lti/inbound/trace.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseReference } from '../../platform/http/reference.ts';
import type { Command } from '../command.ts';
import { columns, facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const launchTrace: Command = {
  name: 'launch trace',
  about: 'Explain one launch, check by check, by the reference people read out',
  arguments: [{ name: 'reference', about: 'As shown on the page' }],
  options: tenantOption,
  examples: ['launch trace K7QF-2M9D --tenant northfield'],
  async run({ values, open }) {
    const reference = parseReference(values.text('reference'));
    if (reference === undefined)
      throw values.wrong('reference', 'must be eight letters and digits, as K7QF-2M9D');
    const { hub } = await open();
    const { tenantId, slug } = await getNamedTenant(hub, values);
    const launches = await hub.db.withTenant(tenantId, (tx) => findLaunches(tx, reference));
    if (launches.length === 0) {
      throw new DomainError(
        'not_found',
        'launch_unknown',
        `No launch of "${slug}" has the reference ${reference}. Check the spelling and the tenant.`,
      );
    }
    const explained = launches.map((launch) => ({ launch, ...explainLaunch(launch) }));
    return {
      json: { launches: explained },
      text: explained
        .map(
          ({ launch, steps, advice }) =>
            `${describe(launch)}\n\n${columns(steps.map(showStep))}\n\n${say(advice)}`,
        )
        .join('\n\n'),
    };
  },
};

const ofLaunches = { usual: 20, most: 1000 };

export const launchList: Command = {
  name: 'launch list',
  about: 'List the newest launches of a tenant',
  options: { ...tenantOption, ...limitOption(ofLaunches) },
  examples: ['launch list --tenant northfield --limit 50'],
  async run({ values, open }) {
    const limit = readLimit(values, ofLaunches);
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const launches = await hub.db.withTenant(tenantId, (tx) => listLaunches(tx, limit));
    const rows = launches.map((launch) => [
      launch.reference,
      instant(launch.startedAt.getTime()),
      launch.state,
      launch.outcome ?? '–',
      launch.reason ?? '–',
    ]);
    const heading = ['REFERENCE', 'BEGAN', 'STATE', 'OUTCOME', 'REASON'];
    return { json: { launches }, text: table(heading, rows, 'There was no launch yet.') };
  },
};

const marks: Readonly<Record<TraceStep['result'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  warned: 'warned',
  not_reached: '–',
};

function showStep({ check, result, specification, note }: TraceStep): string[] {
  return [`  ${marks[result]}`, check, specification, note ?? ''];
}

function describe({ startedAt, endedAt, facts: details, ...rest }: StoredLaunch): string {
  const times = { began: instant(startedAt.getTime()), ended: endedAt && instant(endedAt.getTime()) };
  return facts({ ...rest, ...times, ...details });
}

function say(advice: string | undefined): string {
  return advice === undefined ? 'Nothing has to be mended.' : `What to do: ${advice}`;
}
