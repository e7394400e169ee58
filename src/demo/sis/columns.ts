import { type Entity, models } from '../../../contracts/roster.ts';

export type Version = '1.1' | '1.2';

const v11Users = [
  'enabledUser',
  'orgSourcedIds',
  'role',
  'username',
  'userIds',
  'givenName',
  'familyName',
  'middleName',
  'identifier',
  'email',
  'sms',
  'phone',
  'agentSourcedIds',
  'grades',
  'password',
];

/** What the files have beyond the model: a password, which nobody should send, and the login it belongs to. */
const extra: Partial<Record<Entity, { name: string; after: string }>> = {
  users: { name: 'password', after: 'grades' },
  roles: { name: 'userProfileSourcedId', after: 'orgSourcedId' },
};

/**
 * Columns of an entity's file behind sourcedId, status and dateLastModified, in the order that is binding (OneRoster 1.1
 * CSV §5, 1.2 CSV §4). Undefined where the version has no such file.
 */
export function columnsOf(entity: Entity, version: Version): readonly string[] | undefined {
  if (version === '1.1') {
    if (entity === 'users') return v11Users;
    if (entity === 'roles') return undefined;
  }
  const names = models[entity].columns.map(({ name }) => name);
  const more = extra[entity];
  if (more !== undefined) names.splice(names.indexOf(more.after) + 1, 0, more.name);
  return names;
}

/** A file's whole header. */
export function headerOf(columns: readonly string[]): string[] {
  return ['sourcedId', 'status', 'dateLastModified', ...columns];
}
