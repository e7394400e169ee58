/** sourcedIds by number. A newcomer of a round has the number of whom they sit beside, and the round. */
export const districtId = 'dist-1';
export const schoolId = (school: number) => `sch-${school + 101}`;
export const courseId = (grade: string, subject: number) => `crs-${grade}-${subject + 1}`;
export const classId = (classNumber: number) => `cls-${classNumber + 1_001}`;
export const studentId = (student: number, round = 0) => `stu-${student + 10_001}${newcomer(round)}`;
export const teacherId = (teacher: number) => `tea-${teacher + 1_001}`;
export const principalId = (school: number) => `pri-${school + 101}`;
export const administratorId = (administrator: number) => `adm-${administrator + 1}`;
export const guardianId = (guardian: number) => `gua-${guardian + 10_001}`;
export const enrollmentId = (enrollment: number, round = 0) =>
  `enr-${enrollment + 100_001}${newcomer(round)}`;
export const teachingId = (classNumber: number) => `lead-${classNumber + 1_001}`;

function newcomer(round: number): string {
  return round === 0 ? '' : `n${round}`;
}
