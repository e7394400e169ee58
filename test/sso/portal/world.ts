import type { JWTPayload } from 'jose';
import type pg from 'pg';
import { type ConnectionId, newId, type PersonId, type SessionId } from '../../../contracts/ids.ts';
import { openLog } from '../../../src/platform/log.ts';
import type { Secrets } from '../../../src/platform/secrets/secrets.ts';
import { createSignInPages } from '../../../src/sso/pages/environment.ts';
import { createPortalRouter } from '../../../src/sso/portal/portal.ts';
import { createRefusalRows } from '../../../src/sso/refusal-rows.ts';
import { createSignInRouter } from '../../../src/sso/routes.ts';
import { sessionCookie, startSession } from '../../../src/sso/sessions/sessions.ts';
import type { SignInWay } from '../../../src/sso/visit.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { type Answer, send } from '../../demo/support/user-agent.ts';
import { authenticationRequest, readPosted, sendAuthorize, verifyToken } from '../../support/authorize.ts';
import type { TestDatabase } from '../../support/database.ts';
import { type HubWorld, type HubWorldOptions, startHubWorld } from '../../support/hub.ts';

/** Nobody signs in here: sessions are put there. */
const noWay: SignInWay = { begin: () => Promise.reject(new Error('nobody signs in here')) };

/** The world of launches, with a portal at each school. */
export async function startPortalWorld(testDatabase: TestDatabase, options: HubWorldOptions = {}) {
  let sealing: Secrets | undefined;
  const world = await startHubWorld(testDatabase, {
    ...options,
    routers: ({ lti, secrets, ...rest }) => {
      sealing = secrets;
      const services = { ...rest, secrets, log: openLog({ level: 'silent' }) };
      const http = {
        services,
        pages: createSignInPages(lti.assets),
        directory: lti.directory,
        refusalRows: createRefusalRows(rest.clock),
      };
      const ways = { ldap: noWay, saml: noWay, oidc: noWay };
      return [createSignInRouter(http, ways), createPortalRouter(http, lti.portalLaunches)];
    },
  });
  if (sealing === undefined) throw new Error('The hub has started no copy');
  const secrets = sealing;
  const school = (tenant: Tenant) => openSchool(testDatabase, world, secrets, tenant);
  return {
    world,
    northside: await school(world.tenants.northside),
    riverbend: await school(world.tenants.riverbend),
  };
}

export type PortalSchool = Awaited<ReturnType<typeof openSchool>>;

const dayMs = 86_400_000;

/** A school whose roster and people are put there as runs and linking would have. */
async function openSchool(
  { database, superuser }: TestDatabase,
  world: HubWorld,
  secrets: Secrets,
  tenant: Tenant,
) {
  const { tenantId, slug } = tenant;
  const connect = async (kind: string): Promise<ConnectionId> => {
    const connectionId = newId<ConnectionId>();
    await superuser.query(
      `insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
       values ($1, $2, $3, 'oneroster-csv', 'Made for a test', now())`,
      [tenantId, connectionId, kind],
    );
    return connectionId;
  };
  const [sis, identity] = [await connect('roster'), await connect('identity')];
  const put = (table: string, row: Record<string, unknown>) => {
    const whole = {
      ...{ tenant_id: tenantId, connection_id: sis, content_hash: 0, created_run: 1, changed_run: 1 },
      ...{ part: 0, line: 0, changed_at: new Date() },
      ...row,
    };
    const names = Object.keys(whole);
    return superuser.query(
      `insert into ${table} (${names.map((name) => `"${name}"`).join()})
       values (${names.map((_, index) => `$${index + 1}`).join()})`,
      Object.values(whole),
    );
  };
  const day = (from: number) => new Date(world.clock.now() + from * dayMs).toISOString().slice(0, 10);

  return {
    ...{ tenant, sis, identity, put, day, connect },
    portal: `${world.hubUrl}/t/${slug}/portal`,
    addTerm: (sourcedId: string, begins: number, ends: number) =>
      put('roster_session', { sourced_id: sourcedId, start_date: day(begins), end_date: day(ends) }),
    addClass: (sourcedId: string, title: string, more: Record<string, unknown> = {}) =>
      put('roster_class', { sourced_id: sourcedId, title, ...more }),
    /** A user of the roster, who is a person already. */
    addUser: async (sourcedId: string, name: [string, string], role: string): Promise<PersonId> => {
      const personId = newId<PersonId>();
      await put('roster_user', {
        ...{ sourced_id: sourcedId, given_name: name[0], family_name: name[1], enabled_user: true },
        email: `${sourcedId}@school.example`,
      });
      await put('roster_role', {
        sourced_id: sourcedId,
        user_sourced_id: sourcedId,
        role,
        role_type: 'primary',
      });
      await superuser.query(
        `insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())`,
        [tenantId, personId],
      );
      await superuser.query(
        `insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
         values ($1, $2, $3, $4, now())`,
        [tenantId, sis, sourcedId, personId],
      );
      return personId;
    },
    enroll: (user: string, classId: string, role: string, more: Record<string, unknown> = {}) =>
      put('roster_enrollment', {
        ...{
          sourced_id: `${user} ${classId} ${role}`,
          user_sourced_id: user,
          class_sourced_id: classId,
          role,
        },
        ...more,
      }),
    /** @returns the session's cookie, as a browser sends it */
    signIn: async (
      personId: PersonId,
      role: string | null = null,
    ): Promise<{ cookie: string; sessionId: SessionId }> => {
      const { secret, sessionId } = await database.withTenant(tenantId, (tx) =>
        startSession(
          { secrets },
          tx,
          { personId, connectionId: identity, subject: personId, role },
          world.clock.now(),
        ),
      );
      const { name, value } = sessionCookie(tenantId, secret);
      return { cookie: `${name}=${value}`, sessionId };
    },
  };
}

/** The portal as a browser with this cookie sees it. */
export function visit(address: string, cookie?: string): Promise<Answer> {
  return send(address, cookie === undefined ? {} : { cookies: [cookie] });
}

/** A click on a button of the portal's own page. */
export function click(
  { portal }: Pick<PortalSchool, 'portal'>,
  cookie: string | undefined,
  form: Record<string, string>,
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
): Promise<Answer> {
  return send(`${portal}/launch`, { form, headers, ...(cookie !== undefined && { cookies: [cookie] }) });
}

/** The buttons of a page: under which class each stands, if any, and its name for those who hear it. */
export function readButtons({ body }: Answer): { class: string | undefined; tool: string; label: string }[] {
  return [...body.matchAll(/<form method="post" action="[^"]*\/launch">(.*?)<\/form>/gs)].flatMap(
    ([, form = '']) => {
      const group = /name="class" value="([^"]*)"/.exec(form)?.[1];
      return [...form.matchAll(/name="tool" value="([^"]*)" aria-label="([^"]*)"/g)].map(
        ([, tool = '', label = '']) => ({ class: group, tool, label }),
      );
    },
  );
}

/** What the page calls the classes of a person, by their titles. */
export async function keysOf({ portal }: PortalSchool, session: string): Promise<Record<string, string>> {
  const page = await visit(portal, session);
  const titles = [...page.body.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title]) => String(title));
  const found = [...new Set(readButtons(page).flatMap((button) => button.class ?? []))];
  return Object.fromEntries(titles.map((title, index) => [title, String(found[index])]));
}

/** Launches of every school. */
export async function countLaunches(superuser: pg.Client): Promise<number> {
  const { rows } = await superuser.query('select count(*)::int as count from launch');
  return rows[0].count;
}

/** What the tool is told by the launch that a click leads to. */
export async function told(world: HubWorld, launched: Answer): Promise<JWTPayload> {
  if (launched.location === undefined) throw new Error(`The click did not go on: ${launched.status}`);
  const initiation = Object.fromEntries(new URL(launched.location).searchParams);
  const request = authenticationRequest(world, { initiation });
  const answer = await sendAuthorize(world, request, { cookies: launched.setCookies });
  return verifyToken(world, String(readPosted(answer).fields.id_token));
}
