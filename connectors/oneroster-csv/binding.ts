import { type Entity, models } from '../../contracts/roster.ts';

export type Version = '1.1' | '1.2';

/** What every file begins with (OneRoster 1.2 CSV §2). */
export const headColumns = ['sourcedId', 'status', 'dateLastModified'] as const;

/** Columns of 1.1 where they differ from the model's (OneRoster 1.1 CSV §4). */
const columns11: Partial<Record<Entity, readonly string[]>> = {
  users: [
    ...[
      'enabledUser',
      'orgSourcedIds',
      'role',
      'username',
      'userIds',
      'givenName',
      'familyName',
      'middleName',
    ],
    ...['identifier', 'email', 'sms', 'phone', 'agentSourcedIds', 'grades', 'password'],
  ],
  categories: ['title'],
  lineItems: [
    ...['title', 'description', 'assignDate', 'dueDate', 'classSourcedId', 'categorySourcedId'],
    ...['gradingPeriodSourcedId', 'resultValueMin', 'resultValueMax'],
  ],
  results: ['lineItemSourcedId', 'studentSourcedId', 'scoreStatus', 'score', 'scoreDate', 'comment'],
};

/** Columns of 1.2 that the hub does not keep, and what they stand behind. Passwords least of all. */
const notKept: Partial<Record<Entity, readonly { name: string; behind: string }[]>> = {
  users: [
    { name: 'password', behind: 'grades' },
    { name: 'resourceSourcedIds', behind: 'primaryOrgSourcedId' },
  ],
  roles: [{ name: 'userProfileSourcedId', behind: 'orgSourcedId' }],
};

/** Of 1.1, by their names in the model. */
const renamed: Readonly<Record<string, string>> = { gradingPeriodSourcedId: 'academicSessionSourcedId' };

/** What a user of 1.1 has instead of roles. */
export const roleColumns11 = ['orgSourcedIds', 'role'] as const;

/** The columns of a file behind the first three, in the order that is binding. */
export function columnsOf(entity: Entity, version: Version): readonly string[] {
  const older = version === '1.1' ? columns11[entity] : undefined;
  if (older !== undefined) return older;
  const names = models[entity].columns.map(({ name }) => name);
  for (const { name, behind } of notKept[entity] ?? []) names.splice(names.indexOf(behind) + 1, 0, name);
  return names;
}

/** A column's name in the model; undefined where it is not kept. */
export function modelName(entity: Entity, version: Version, name: string): string | undefined {
  if ((headColumns as readonly string[]).includes(name)) return name;
  if (entity === 'users' && version === '1.1' && (roleColumns11 as readonly string[]).includes(name))
    return name;
  const known = renamed[name] ?? name;
  return models[entity].columns.some((column) => column.name === known) ? known : undefined;
}

/** Every file of the standard, both versions, without its ending (OneRoster 1.1 CSV §3, 1.2 CSV §3). */
export const standardFiles: readonly string[] = [
  ...['academicSessions', 'categories', 'classes', 'classResources', 'courses', 'courseResources'],
  ...['demographics', 'enrollments', 'lineItems', 'lineItemLearningObjectiveIds', 'lineItemScoreScales'],
  ...[
    'orgs',
    'resources',
    'results',
    'resultLearningObjectiveIds',
    'resultScoreScales',
    'roles',
    'scoreScales',
  ],
  ...['users', 'userProfiles', 'userResources'],
];
