/** What teachers can choose here. */
export interface Offer {
  id: string;
  title: string;
  about: string;
  /** Points of the column that comes with it; undefined: none. */
  points?: number;
}

export const offers: readonly Offer[] = [
  {
    id: 'photosynthesis',
    title: 'Photosynthesis lab',
    about: 'Light, water and a leaf under glass.',
    points: 15,
  },
  { id: 'food-webs', title: 'Food webs', about: 'Who eats whom, drawn by the class.', points: 10 },
  { id: 'averages', title: 'Mean, median, mode', about: 'Three answers to one question.', points: 12 },
  { id: 'notebook', title: 'Field notebook', about: 'A place for notes. It is not graded.' },
];
