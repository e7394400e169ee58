import type { Router } from 'express';
import express from 'express';
import { defined } from '../../../platform/defined.ts';
import type { CourseRole, Person, ToolItem } from '../../world.ts';
import type { LmsInside } from '../app.ts';
import { opaqueId, personalClaims } from '../claims.ts';
import { findPage, linkNext } from '../grades/paging.ts';
import { fail, type ServiceCall, sendAs, serviceCall, takesType } from '../grades/service-call.ts';
import { membershipScope, membershipsType, membershipsUrl } from './nrps.ts';

// NRPS 2.0 §2.2 lets context roles go by their short names, as Moodle writes them.
const rolesOf: Record<CourseRole, readonly string[]> = {
  teacher: ['Instructor'],
  assistant: ['http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant', 'Instructor'],
  pupil: ['Learner'],
  test_pupil: ['Learner'],
};

/** The class list of each course. NRPS 2.0 §2. */
export function membershipRoutes(lms: LmsInside): Router {
  const router = express.Router();
  router.get(
    '/api/courses/:course/memberships',
    serviceCall(lms, [membershipScope], (call) => {
      const { request, response, school, place } = call;
      if (!takesType(request, membershipsType)) return fail(response, 406, 'Accept membership containers.');
      const { role, rlid } = request.query;
      const link = rlid === undefined ? undefined : findLink(call, String(rlid));
      if (rlid !== undefined && link === undefined)
        return fail(response, 403, 'This link is not the tool’s.');
      const members = school.people
        .filter((person) => person.role !== 'test_pupil')
        .filter((person) => role === undefined || hasRole(person, String(role)))
        .map((person) => toJson(person, school.sisPrefix, link));
      const page = findPage(members, request.query, lms.pageSize);
      if (!page) return fail(response, 400, 'The limit or the page is not understood.');
      linkNext(request, response, lms.baseUrl, page.next);
      const { id, label, title } = school.course;
      return sendAs(response, membershipsType, {
        id: membershipsUrl(lms.baseUrl, school, place.typeId),
        context: { id: opaqueId('course', id), label, title },
        members: page.entries,
      });
    }),
  );
  return router;
}

/** NRPS 2.0 §3.1: a link that opens the tool. */
function findLink({ registration, school }: ServiceCall, rlid: string): ToolItem | undefined {
  const deployment = registration.deployments.find((one) => one.school === school.slug);
  const items = school.course.modules.flatMap((module) => module.items);
  const link = items.find(({ id }) => opaqueId('link', id) === rlid);
  return link?.kind === 'tool' && deployment?.targets[link.tool] !== undefined ? link : undefined;
}

function hasRole({ role }: Person, asked: string): boolean {
  const short = asked.split('#').at(-1) ?? asked;
  return rolesOf[role].some((each) => (each.split('#').at(-1) ?? each) === short);
}

function toJson(person: Person, sisPrefix: string, link: ToolItem | undefined): Record<string, unknown> {
  const { locale: _locale, ...claims } = personalClaims(person);
  return defined({
    status: 'Active',
    user_id: opaqueId('sub', person.id),
    ...claims,
    lis_person_sourcedid: person.shares === 'all' ? `${sisPrefix}-${person.id}` : undefined,
    roles: rolesOf[person.role],
    message: link && [
      {
        'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest',
        'https://purl.imsglobal.org/spec/lti/claim/custom': { ...link.custom },
      },
    ],
  });
}
