/** How large a district is. Everything else follows from it: classes, teachers, roles, enrollments. */
export interface DistrictSize {
  schools: number;
  /** Everybody. Who is no student and no member of the staff is a guardian; at most two for each student. */
  people: number;
  students: number;
  /** Up to twelve, one of each subject. */
  classesPerStudent: number;
  /** The most students in a class. */
  classSize: number;
}

export const districtSizes = {
  /** A few dozen people, for tests. */
  tiny: { schools: 2, people: 62, students: 40, classesPerStudent: 3, classSize: 8 },
  demo: { schools: 4, people: 2_000, students: 1_300, classesPerStudent: 6, classSize: 24 },
  /** 10 million enrollments. */
  large: { schools: 1_450, people: 1_000_000, students: 880_000, classesPerStudent: 11, classSize: 27 },
  /** As the largest district of the United States: 10 million enrollments. */
  largest: { schools: 1_800, people: 1_200_000, students: 960_000, classesPerStudent: 10, classSize: 27 },
} as const satisfies Record<string, DistrictSize>;

/** The same kind of district with a share of its people. */
export function scaleDistrict(size: DistrictSize, scale: number): DistrictSize {
  const scaled = (count: number) => Math.max(1, Math.round(count * scale));
  return {
    ...size,
    schools: scaled(size.schools),
    students: scaled(size.students),
    people: scaled(size.people),
  };
}
