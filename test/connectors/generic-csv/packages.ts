import { readEntity } from '../../../connectors/generic-csv/client.ts';
import { type Settings, settings } from '../../../connectors/generic-csv/settings.ts';
import type { ReadRequest } from '../../../contracts/connector.ts';
import { drain, type MemoryFiles, memoryContext, type Reading, request } from '../csv/memory-files.ts';

export const orgs = {
  entity: 'orgs',
  file: 'sections.csv',
  distinct: true,
  sourcedId: { from: 'School', prefix: 'school-' },
  columns: { name: { from: 'School' }, type: { constant: 'school' } },
};

export const classes = {
  entity: 'classes',
  file: 'sections.csv',
  sourcedId: { from: ['School', 'Course', 'Section'] },
  columns: {
    title: { from: ['Course', 'Section'], separator: ' / ' },
    classType: { constant: 'scheduled' },
    courseSourcedId: { from: 'Course' },
    schoolSourcedId: { from: 'School', prefix: 'school-' },
    termSourcedIds: { from: 'Terms', split: ';', prefix: 'term ' },
    grades: { from: 'Grades', split: ';' },
  },
};

export const enrollments = {
  entity: 'enrollments',
  file: 'roster-*.csv',
  sourcedId: { from: ['class', 'person'] },
  columns: {
    classSourcedId: { from: 'class' },
    schoolSourcedId: { constant: 'school-North High' },
    userSourcedId: { from: 'person' },
    role: { from: 'role', values: { S: 'student', T: 'teacher' } },
    beginDate: { from: 'begin', date: 'dmy' },
  },
};

export const sections =
  'School,Course,Section,Terms,Grades\r\nNorth High,BIO,1,1;2,9; 10\r\nNorth High,BIO,2,1,9\r\nSouth,ART,1,2,\r\n';

export function settingsOf(files: readonly object[], more: object = {}): Settings {
  return settings.parse({ place: 'upload', files, ...more });
}

export function read(
  mappings: readonly object[],
  files: MemoryFiles,
  entity: ReadRequest['entity'],
): Promise<Reading> {
  return drain(readEntity(memoryContext(settingsOf(mappings), files), request(entity)));
}
