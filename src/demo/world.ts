/**
 * The made-up schools of the demo: who is there, which courses they share, what stands in them.
 * Both schools live on one simulated LMS, with the same issuer and client_id, as two customers of
 * a hosted LMS do.
 */

/** What the LMS lets a tool see of a person. */
export type SharedFields = 'all' | 'names' | 'email' | 'none';

export type CourseRole = 'teacher' | 'assistant' | 'pupil' | 'test_pupil';

export interface Person {
  id: string;
  givenName: string;
  familyName: string;
  email: string;
  role: CourseRole;
  shares: SharedFields;
  /** BCP 47 language tag of the person's LMS settings. */
  locale: string;
}

export interface ReadingItem {
  kind: 'reading';
  id: string;
  title: string;
  paragraphs: readonly string[];
}

export interface ToolItem {
  kind: 'tool';
  id: string;
  title: string;
  description: string;
  /** Names a placement of the LMS: which registered tool opens and at which URL. */
  tool: string;
  opensIn: 'frame' | 'window';
  /** Maximum score; an item with points is a column of the gradebook. */
  points?: number;
  due?: string;
  custom?: Readonly<Record<string, string>>;
  /** Its own target_link_uri, where a teacher has chosen it in the tool; else that of the placement. */
  target?: string;
}

export type CourseItem = ReadingItem | ToolItem;

export interface CourseModule {
  id: string;
  title: string;
  items: readonly CourseItem[];
}

export interface Course {
  id: string;
  /** Short name of the course: the context label. */
  label: string;
  title: string;
  term: string;
  welcome: string;
  modules: readonly CourseModule[];
  /** Upcoming dates, shown beside the modules. */
  agenda: readonly { when: string; what: string }[];
}

export interface School {
  slug: string;
  name: string;
  /** The course number space of the school's student information system. */
  sisPrefix: string;
  course: Course;
  people: readonly Person[];
}

export interface World {
  schools: readonly School[];
}

const northside: School = {
  slug: 'northside',
  name: 'Northside High',
  sisPrefix: 'NSH',
  people: [
    person('ns-okafor', 'Grace', 'Okafor', 'teacher'),
    person('ns-whitfield', 'Ben', 'Whitfield', 'assistant'),
    person('ns-nwosu', 'Amara', 'Nwosu', 'pupil'),
    person('ns-castillo', 'Diego', 'Castillo', 'pupil', { locale: 'es' }),
    person('ns-park', 'Noah', 'Park', 'pupil', { shares: 'names' }),
    person('ns-fischer', 'Lena', 'Fischer', 'pupil', { shares: 'none' }),
    person('ns-test', 'Test', 'Student', 'test_pupil', { shares: 'names' }),
  ],
  course: {
    id: 'ns-biology-9b',
    label: 'BIO-9B',
    title: 'Biology 9, Section B',
    term: 'Autumn term',
    welcome: 'From single cells to inheritance. Work through one module a week; labs open right here.',
    modules: [
      {
        id: 'ns-cells',
        title: 'Module 1: Cells',
        items: [
          {
            kind: 'reading',
            id: 'ns-what-is-a-cell',
            title: 'What is a cell?',
            paragraphs: [
              'Every living thing is made of cells. Some are a single cell; you are made of about thirty trillion.',
              'As you read, note one thing all cells share and one thing only plant cells have. Bring both to class.',
            ],
          },
          {
            kind: 'tool',
            id: 'ns-cell-lab',
            title: 'Cell structure lab',
            description: 'Label the parts of a plant cell and explain what each one does.',
            tool: 'sample-tool',
            opensIn: 'frame',
            points: 10,
            due: '2 October',
            custom: { activity: 'cell-structure', level: '9' },
          },
          {
            kind: 'tool',
            id: 'ns-microscope',
            title: 'Microscope practice',
            description: 'A virtual microscope. It uses the whole screen, so it opens in a new window.',
            tool: 'sample-tool',
            opensIn: 'window',
            custom: { activity: 'microscope', level: '9' },
          },
        ],
      },
      {
        id: 'ns-genetics',
        title: 'Module 2: Inheritance',
        items: [
          {
            kind: 'reading',
            id: 'ns-mendel',
            title: 'Mendel and his peas',
            paragraphs: [
              'In the 1850s Gregor Mendel crossed nearly thirty thousand pea plants and counted what came up.',
              'His counts fell close to simple ratios. The quiz that follows asks you to predict three of them.',
            ],
          },
          {
            kind: 'tool',
            id: 'ns-punnett-quiz',
            title: 'Punnett squares quiz',
            description: 'Eight short questions on crosses with one and two traits.',
            tool: 'sample-tool',
            opensIn: 'frame',
            points: 20,
            due: '16 October',
            custom: { activity: 'punnett-squares', level: '9' },
          },
        ],
      },
    ],
    agenda: [
      { when: '28 September', what: 'Lab safety check' },
      { when: '2 October', what: 'Cell structure lab due' },
      { when: '16 October', what: 'Punnett squares quiz due' },
    ],
  },
};

const riverbend: School = {
  slug: 'riverbend',
  name: 'Riverbend College',
  sisPrefix: 'RBC',
  people: [
    person('rb-larsen', 'Henrik', 'Larsen', 'teacher'),
    person('rb-adeyemi', 'Tola', 'Adeyemi', 'assistant'),
    person('rb-chen', 'Mei', 'Chen', 'pupil'),
    person('rb-haddad', 'Omar', 'Haddad', 'pupil', { locale: 'fr' }),
    person('rb-rossi', 'Sofia', 'Rossi', 'pupil', { shares: 'email' }),
    person('rb-kowalski', 'Jan', 'Kowalski', 'pupil', { shares: 'none' }),
    person('rb-test', 'Test', 'Student', 'test_pupil', { shares: 'names' }),
  ],
  course: {
    id: 'rb-statistics-101',
    label: 'STAT-101',
    title: 'Statistics 101',
    term: 'Fall semester',
    welcome: 'How to learn from data without fooling yourself. Lectures on Tuesdays, workshops on Thursdays.',
    modules: [
      {
        id: 'rb-describing',
        title: 'Week 1: Describing data',
        items: [
          {
            kind: 'reading',
            id: 'rb-averages',
            title: 'Three kinds of average',
            paragraphs: [
              'Mean, median and mode answer different questions. A single very large value moves only the first.',
              'Before the workshop, find a news story that reports an average and decide which kind it means.',
            ],
          },
          {
            kind: 'tool',
            id: 'rb-histogram-workshop',
            title: 'Histogram workshop',
            description: 'Choose bin widths for a real data set and see what each choice hides.',
            tool: 'sample-tool',
            opensIn: 'frame',
            points: 15,
            due: '9 October',
            custom: { activity: 'histograms', level: '101' },
          },
        ],
      },
      {
        id: 'rb-chance',
        title: 'Week 2: Chance',
        items: [
          {
            kind: 'tool',
            id: 'rb-simulator',
            title: 'Coin and dice simulator',
            description: 'Ten thousand throws at once. Opens in a new window.',
            tool: 'sample-tool',
            opensIn: 'window',
            custom: { activity: 'simulator', level: '101' },
          },
          {
            kind: 'tool',
            id: 'rb-probability-quiz',
            title: 'Probability quiz',
            description: 'Six questions, two attempts each.',
            tool: 'sample-tool',
            opensIn: 'frame',
            points: 12,
            due: '16 October',
            custom: { activity: 'probability', level: '101' },
          },
        ],
      },
    ],
    agenda: [
      { when: '29 September', what: 'First workshop, room 2.14' },
      { when: '9 October', what: 'Histogram workshop due' },
      { when: '16 October', what: 'Probability quiz due' },
    ],
  },
};

export const demoWorld: World = { schools: [northside, riverbend] };

/** Somebody of a school of the demo; the letters before the hyphen of their id say which. */
export function person(
  id: string,
  givenName: string,
  familyName: string,
  role: CourseRole,
  rest: { shares?: SharedFields; locale?: string } = {},
): Person {
  const [school] = id.split('-', 1);
  const host = school === 'ns' ? 'northside' : school === 'rb' ? 'riverbend' : 'westbrook';
  return {
    id,
    givenName,
    familyName,
    email: `${givenName}.${familyName}@${host}.example`.toLowerCase(),
    role,
    shares: rest.shares ?? 'all',
    locale: rest.locale ?? 'en',
  };
}
