import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { DomainError } from '../../platform/errors.ts';
import type { Person, School } from '../world.ts';

/** Who the browser acts as, one person at each school. */
export interface LmsSession {
  id: string;
  /** Whom the visitor chose to be, at first the school's first pupil. Throws `not_found` without one. */
  personAt: (school: School) => Person;
}

export interface LmsSessions {
  /** The id of the browser's session, or undefined. */
  findId(request: Request): string | undefined;
  /** The browser's session; starts one when there is none. */
  open(request: Request, response: Response): LmsSession;
  /** Changes whom the visitor is at a school; false when the school has no such person. */
  actAs(session: LmsSession, school: School, personId: string): boolean;
}

const cookieName = 'maple_session';

/** Sessions in memory. Nobody signs in at the simulated LMS: a visitor picks whom to be. */
export function createSessions(): LmsSessions {
  const chosen = new Map<string, Map<string, Person>>();

  function findId(request: Request): string | undefined {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const value = pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
    return value !== undefined && chosen.has(value) ? value : undefined;
  }

  function personAt(id: string, school: School): Person {
    const person = chosen.get(id)?.get(school.slug) ?? school.people.find(({ role }) => role === 'pupil');
    if (!person) throw new DomainError('not_found', 'lms_no_pupil', 'This school has no pupil to act as.');
    return person;
  }

  return {
    findId,
    open(request, response) {
      const id = findId(request) ?? randomBytes(18).toString('base64url');
      if (!chosen.has(id)) {
        chosen.set(id, new Map());
        // SameSite=None: the tool sends the browser back to /auth from its own site, inside a frame.
        response.cookie(cookieName, id, { httpOnly: true, secure: true, sameSite: 'none', path: '/' });
      }
      return { id, personAt: (school) => personAt(id, school) };
    },
    /** Changes whom the visitor is at a school; false when the school has no such person. */
    actAs(session, school, personId) {
      const person = school.people.find(({ id }) => id === personId);
      if (person) chosen.get(session.id)?.set(school.slug, person);
      return person !== undefined;
    },
  };
}
