import { readEntity } from '../../../connectors/oneroster-csv/client.ts';
import { settings } from '../../../connectors/oneroster-csv/settings.ts';
import type { ReadRequest } from '../../../contracts/connector.ts';
import {
  type Dates,
  drain,
  type MemoryFiles,
  memoryContext,
  type Reading,
  request,
} from '../csv/memory-files.ts';

export const headers = {
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  academicSessions:
    'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  courses:
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  users11:
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
  users12:
    'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns',
  roles:
    'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId',
  enrollments:
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
  lineItems11:
    'sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,gradingPeriodSourcedId,resultValueMin,resultValueMax',
  results11:
    'sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment',
} as const;

/** A file, its lines ended by CRLF. */
export const csv = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');

export function manifest(version: '1.1' | '1.2' | '', modes: Record<string, string>): string {
  return csv(
    'propertyName,value',
    'manifest.version,1.0',
    `oneroster.version,${version}`,
    ...Object.entries(modes).map(([name, mode]) => `file.${name},${mode}`),
    'source.systemName,Test SIS',
  );
}

export const orgs = csv(
  headers.orgs,
  'd,,,District,district,,',
  's1,,,"North, School",school,17,d',
  's2,,,South,school,,d',
);
export const users12 = csv(
  headers.users12,
  'u1,,,true,ann,,Ann,Bee,,,,,,,,hunter2,,,,,s1,',
  'u2,,,true,bob,,Bob,Cee,,,,,,,,,,,,,s1,',
);
export const users11 = csv(
  headers.users11,
  'u1,,,true,"s1,s2",student,ann,,Ann,Bee,,,,,,,09,hunter2',
  'u2,,,true,s1,administrator,bob,,Bob,Cee,,,,,,,,',
  'u3,,,true,d,administrator,cy,,Cy,Dee,,,,,,,,',
  'u4,,,true,elsewhere,administrator,di,,Di,Eff,,,,,,,,',
  'u5,,,true,,teacher,ed,,Ed,Gee,,,,,,,,',
);

/** Reads an entity of a package. */
export function read(
  files: MemoryFiles,
  entity: ReadRequest['entity'],
  options: Partial<ReadRequest> & Dates & { settings?: object } = {},
): Promise<Reading> {
  const { settings: given = {}, modifiedAt, passedOver, ...changes } = options;
  const dates = {
    ...(modifiedAt !== undefined && { modifiedAt }),
    ...(passedOver !== undefined && { passedOver }),
  };
  const context = memoryContext(settings.parse({ place: 'upload', ...given }), files, dates);
  return drain(readEntity(context, request(entity, changes)));
}
