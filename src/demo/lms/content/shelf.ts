import type { CourseItem, CourseModule, School, World } from '../../world.ts';

/** A world whose courses grow by what teachers choose in tools. It ends with the process. */
export interface Shelf {
  world: World;
  /** Puts items at the end of the school's course, in a module of their own. */
  add(school: School, items: readonly CourseItem[]): void;
}

export function createShelf({ schools }: World): Shelf {
  const grown = schools.map((school) => {
    const modules: CourseModule[] = [...school.course.modules];
    return { school: { ...school, course: { ...school.course, modules } }, modules };
  });
  return {
    world: { schools: grown.map(({ school }) => school) },
    add(school, items) {
      const modules = grown.find((each) => each.school.slug === school.slug)?.modules;
      if (!modules || items.length === 0) return;
      const id = `${school.slug}-chosen`;
      const at = modules.findIndex((module) => module.id === id);
      const before = at === -1 ? [] : (modules[at]?.items ?? []);
      const module = { id, title: 'Chosen by teachers', items: [...before, ...items] };
      modules.splice(at === -1 ? modules.length : at, 1, module);
    },
  };
}
