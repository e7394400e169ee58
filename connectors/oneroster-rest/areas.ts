import type { Entity } from '../../contracts/roster.ts';
import type { Access, Service } from './settings.ts';

/** What a source may grant or refuse by itself. */
export type Area = 'roster' | 'demographics' | 'gradebook';

export interface Endpoint {
  readonly area: Area;
  readonly service: Service;
  /** Name in the address, and of the list in the answer. */
  readonly collection: string;
}

const roster = (collection: string): Endpoint => ({ area: 'roster', service: 'rostering', collection });
const gradebook = (collection: string): Endpoint => ({ area: 'gradebook', service: 'gradebook', collection });

/** Where each entity is read. Roles have no endpoint: they are a part of users. */
export const endpoints: Readonly<Record<Entity, Endpoint>> = {
  orgs: roster('orgs'),
  academicSessions: roster('academicSessions'),
  courses: roster('courses'),
  classes: roster('classes'),
  users: roster('users'),
  roles: roster('users'),
  enrollments: roster('enrollments'),
  demographics: { ...roster('demographics'), area: 'demographics' },
  categories: gradebook('categories'),
  lineItems: gradebook('lineItems'),
  results: gradebook('results'),
};

const names: Readonly<Record<Area, readonly (readonly string[])[]>> = {
  // 1.2, security scopes: the core scope reaches every list that is read here; the other one is asked for as well because some
  // sources look for it alone.
  roster: [['roster-core.readonly', 'roster.readonly'], ['roster-core.readonly'], ['roster.readonly']],
  demographics: [['roster-demographics.readonly']],
  gradebook: [['gradebook.readonly'], ['gradebook-core.readonly']],
};

/** Values of `scope` to ask for, one after the other until one is granted; none where the product wants none. */
export function scopesOf({ version, vendor }: Pick<Access, 'version' | 'vendor'>, area: Area): string[] {
  if (vendor.withoutScopes) return [];
  const base = `https://purl.imsglobal.org/spec/or/${version === '1.1' ? 'v1p1' : 'v1p2'}/scope/`;
  return names[area].map((set) => set.map((name) => base + name).join(' '));
}
