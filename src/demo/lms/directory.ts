import { DomainError } from '../../platform/errors.ts';
import type { Course, CourseItem, Person, School, ToolItem, World } from '../world.ts';

/** The school with this slug, or undefined. */
export function findSchool(world: World, slug: string): School | undefined {
  return world.schools.find((school) => school.slug === slug);
}

/** The person with this id and their school. Throws `not_found`. */
export function getPerson(world: World, id: string): { school: School; person: Person } {
  for (const school of world.schools) {
    const person = school.people.find((candidate) => candidate.id === id);
    if (person) return { school, person };
  }
  throw new DomainError('not_found', 'lms_person_unknown', 'No such person in the simulated LMS.');
}

/** The course item with this id, or undefined. */
export function findItem(course: Course, id: string): CourseItem | undefined {
  return course.modules.flatMap((module) => module.items).find((item) => item.id === id);
}

/** The tool link with this id and its school. Throws `not_found`. */
export function getToolItem(world: World, id: string): { school: School; item: ToolItem } {
  for (const school of world.schools) {
    const item = findItem(school.course, id);
    if (item?.kind === 'tool') return { school, item };
  }
  throw new DomainError('not_found', 'lms_link_unknown', 'No such tool link in the simulated LMS.');
}

/** The course's gradebook columns: tool links that carry points, in course order. */
export function gradedItems(course: Course): readonly (ToolItem & { points: number })[] {
  return course.modules.flatMap((module) => module.items).filter(isGraded);
}

function isGraded(item: CourseItem): item is ToolItem & { points: number } {
  return item.kind === 'tool' && item.points !== undefined;
}
