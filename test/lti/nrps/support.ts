import type { Router } from 'express';
import { membershipScope } from '../../../contracts/scopes.ts';
import type { AgsServices } from '../../../src/lti/ags/routes.ts';
import { readMember } from '../../../src/lti/lms/member.ts';
import type { LmsMemberships, MembershipPage, MembershipQuery } from '../../../src/lti/lms/memberships.ts';
import { createNrpsRouter } from '../../../src/lti/nrps/routes.ts';
import type { DomainError } from '../../../src/platform/errors.ts';
import type { TestDatabase } from '../../support/database.ts';
import { type CallOptions, type Course, startAgsWorld } from '../ags/support/ags-world.ts';

/** An LMS's class lists by their address; each is a list of members as an LMS writes them. */
export interface FakeMemberships extends LmsMemberships {
  lists: Map<string, Record<string, unknown>[]>;
  asked: { url: string; query: MembershipQuery | undefined }[];
  /** Members on a page; undefined: all of them, whatever was asked for. */
  pageSize: number | undefined;
  /** Thrown by every call while it is set. */
  failure: DomainError | undefined;
}

/** It ignores `role`, as some LMSs do. */
function createFakeMemberships(): FakeMemberships {
  const page = (url: string, from: number, size: number): MembershipPage => {
    if (fake.failure !== undefined) throw fake.failure;
    const list = fake.lists.get(url) ?? [];
    const isLast = from + size >= list.length;
    return {
      members: list.slice(from, from + size).flatMap((entry) => readMember(entry) ?? []),
      next: isLast ? undefined : `${url}?secret-page=${from + size}&size=${size}`,
    };
  };
  const fake: FakeMemberships = {
    lists: new Map(),
    asked: [],
    pageSize: 100,
    failure: undefined,
    readFirst: async (_course, url, query) => {
      fake.asked.push({ url, query });
      const size = fake.pageSize === undefined ? 1e9 : Math.min(fake.pageSize, query.limit ?? fake.pageSize);
      return page(url, 0, size);
    },
    readNext: async (_course, url, next) => {
      fake.asked.push({ url: next, query: undefined });
      const { searchParams } = new URL(next);
      return page(url, Number(searchParams.get('secret-page')), Number(searchParams.get('size')));
    },
  };
  return fake;
}

/** A member as a tool sees them. */
export interface Shown {
  user_id: string;
  status: string;
  roles: string[];
  name?: string;
  email?: string;
  picture?: string;
  lis_person_sourcedid?: string;
  message?: Record<string, unknown>[];
}

export interface Container {
  id: string;
  code?: string;
  context: { id: string; title?: string };
  members: Shown[];
}

export async function startNrpsWorld(
  testDatabase: TestDatabase,
  routers: (services: AgsServices) => Router[] = () => [],
) {
  const memberships = createFakeMemberships();
  const world = await startAgsWorld(testDatabase, {
    routers: (services) => [createNrpsRouter({ ...services, memberships }), ...routers(services)],
  });

  /** Opens a course's class list. */
  async function open(course: Course, members: Record<string, unknown>[]): Promise<string> {
    const url = `https://lms.example/${course.contextId}/members`;
    await testDatabase.superuser.query(
      'update lti_context set memberships_url = $1, title = $2 where context_id = $3',
      [url, 'Biology', course.contextId],
    );
    memberships.lists.set(url, members);
    return url;
  }

  const pathOf = (course: Course, query: Record<string, string> = {}) => {
    const search = new URLSearchParams(query).toString();
    return `/t/${course.tenant.slug}/nrps/${course.contextId}/memberships${search === '' ? '' : `?${search}`}`;
  };

  async function read(path: string, options: CallOptions = {}) {
    const answer = await world.call(path, { scopes: [membershipScope], ...options });
    const link = answer.headers.get('link') ?? '';
    const find = (relation: string) =>
      new RegExp(`<${world.issuer}([^>]*)>; rel="${relation}"`).exec(link)?.[1];
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.text,
      json: JSON.parse(answer.text) as Container,
      next: find('next'),
      differences: find('differences'),
    };
  }

  /** Every page, and the link to what changes later. */
  async function readAll(path: string, options: CallOptions = {}) {
    const members: Shown[] = [];
    const sizes: number[] = [];
    let at: string | undefined = path;
    let differences: string | undefined;
    while (at !== undefined) {
      const page: Awaited<ReturnType<typeof read>> = await read(at, options);
      if (page.status !== 200) throw new Error(`${page.status}: ${page.text}`);
      members.push(...page.json.members);
      sizes.push(page.json.members.length);
      differences = page.differences;
      at = page.next;
    }
    return { members, sizes, differences };
  }

  return { ...world, memberships, open, pathOf, read, readAll };
}

/** A pupil as an LMS writes them. */
export function pupil(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    user_id: id,
    status: 'Active',
    roles: ['Learner'],
    name: `Name ${id}`,
    given_name: 'Name',
    family_name: id,
    email: `${id}@school.example`,
    lis_person_sourcedid: `sis-${id}`,
    ...more,
  };
}
