import { person, type School } from './world.ts';

/** A school on the LMS that the hub does not know yet: visitors connect it themselves, by one link. */
export const westbrook: School = {
  slug: 'westbrook',
  name: 'Westbrook Academy',
  sisPrefix: 'WBA',
  people: [
    person('wb-moreau', 'Claire', 'Moreau', 'teacher'),
    person('wb-bianchi', 'Luca', 'Bianchi', 'pupil'),
    person('wb-tanaka', 'Yuki', 'Tanaka', 'pupil'),
    person('wb-test', 'Test', 'Student', 'test_pupil'),
  ],
  course: {
    id: 'wb-geography-7a',
    label: 'GEO-7A',
    title: 'Geography 7, Section A',
    term: 'Autumn term',
    welcome: 'Maps, rivers and weather. The activities open as soon as the school has added their tool.',
    modules: [
      {
        id: 'wb-maps',
        title: 'Unit 1: Maps',
        items: [
          {
            kind: 'reading',
            id: 'wb-scale',
            title: 'What a scale tells you',
            paragraphs: [
              'On a map of 1 to 25,000, one centimetre stands for 250 metres. The larger the second number, the smaller everything is drawn.',
              'Measure the way from your home to school on such a map, then walk it and count your steps.',
            ],
          },
          {
            kind: 'tool',
            id: 'wb-map-lab',
            title: 'Reading contour lines',
            description: 'Find the steepest way up a hill, and the gentlest.',
            tool: 'sample-tool',
            opensIn: 'frame',
            points: 10,
            due: '9 October',
            custom: { activity: 'contour-lines', level: '7' },
          },
        ],
      },
    ],
    agenda: [
      { when: '30 September', what: 'Bring a map of your town' },
      { when: '9 October', what: 'Reading contour lines due' },
    ],
  },
};
