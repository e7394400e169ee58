import { draws, mix, pick } from './mix.ts';

/** Names that go together; they are put together by number and mean nobody. */
interface Culture {
  given: readonly string[];
  family: readonly string[];
}

interface FoldedName {
  name: string;
  /** As it stands in a user name: ASCII, lower case. */
  folded: string;
}

export interface PersonName {
  given: FoldedName;
  family: FoldedName;
  /** Empty for most. */
  middle: string;
  /** Another given name that would do for the same person. */
  preferred: string;
}

const words = (text: string) => text.split(' ');

const cultures: readonly Culture[] = [
  {
    given: words('Alice Ben Caroline Daniel Ella Frank Grace Henry Isla Jack Kate Liam Mia Noah Olivia Paul'),
    family: words('Abbott Baxter Carver Dalton Ellison Fletcher Garner Hollis Ingram Jarvis Keaton Lowell'),
  },
  {
    given: words(
      'Ana Beatriz Camila Diego Elías Fabián Inés Joaquín José Lucía Mateo Núria Óscar Raúl Sofía Tomás',
    ),
    family: words(
      'Álvarez Benítez Castaño Domínguez Españo Fernández Gutiérrez Hernández Ibáñez Muñoz Núñez Peña',
    ),
  },
  {
    given: words(
      'Adaeze Ayọ̀ Chidi Efua Femi Ìdòwú Kofi Kwame Lindiwe Ngozi Sipho Tẹmi Thandiwe Yaw Zola Zuri',
    ),
    family: words('Abara Adéyemí Boateng Chukwu Dlamini Eze Mensah Mokoena Nkosi Òkè Owusu Zulu'),
  },
  {
    given: words(
      'Agnieszka Bartosz Dominika Elżbieta Grażyna Jędrzej Kamil Łucja Michał Paweł Stanisław Zofia',
    ),
    family: words('Bąk Dąbrowska Gołąb Jabłońska Kłos Łuczak Mróz Piątek Sękowska Wójcik Zając Żuk'),
  },
  {
    given: words('Çağla Deniz Elif Gökhan İpek Kaan Mehmet Ömer Şebnem Tuğçe Umut Yiğit'),
    family: words('Aydın Bozkurt Çelik Demir Güneş İnce Kılıç Öztürk Şahin Toprak Uçar Yıldız'),
  },
  {
    given: words('Anh Bảo Châu Dũng Giang Hiếu Hương Khánh Linh Minh Ngọc Phúc Quỳnh Thảo Tuấn Việt'),
    family: words('Bùi Đặng Đỗ Hồ Huỳnh Lê Lý Ngô Nguyễn Phạm Trần Võ'),
  },
  {
    given: words('Aiko Daiki Eun-ji Haruto Jae-won Li-wei Mei Min-jun Ren Seo-yeon Xin Yuki'),
    family: words('Chō Fujimoto Hayashi Jeong Kōno Lín Matsuda Ōtani Park Sūn Wáng Yoon'),
  },
  {
    given: words('Aarav Ananya Farid Hana Ishaan Karim Layla Meera Nadia Omar Priya Rania Samir Yasmin'),
    family: words('Al-Najjar Bakshi Chaudhary Darwish El-Masri Farouk Gill Haddad Iyer Kapoor Mansour Rao'),
  },
  {
    given: words('Aoife Björn Caoimhe Elsa Freya Gwenaëlle Håkon Jörg Loïc Märta Ronan Søren Zoë Øystein'),
    family: words(
      "Ångström-Dahl Bjørnstad Côté Düring Fjeld Größ Lefèvre Møller Ní-Bhriain O'Dwyer Þórsdal Östman",
    ),
  },
  {
    given: words('Анна Борис Вера Григорій Дарья Εἰρήνη Ζωή Кирил Милена Νίκος Оксана Юрій'),
    family: words('Антонюк Богданов Василенко Γεωργίου Ђурић Захарук Ковач Λάμπρου Марчук Петровић'),
  },
];

const latin: Readonly<Record<string, string>> = {
  ł: 'l',
  đ: 'd',
  ø: 'o',
  ß: 'ss',
  þ: 'th',
  ı: 'i',
  æ: 'ae',
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  ђ: 'dj',
  е: 'e',
  з: 'z',
  и: 'i',
  і: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  х: 'kh',
  ч: 'ch',
  ћ: 'c',
  ю: 'yu',
  я: 'ya',
  ь: '',
  α: 'a',
  γ: 'g',
  ε: 'e',
  ζ: 'z',
  η: 'i',
  ι: 'i',
  κ: 'k',
  λ: 'l',
  μ: 'm',
  ν: 'n',
  ο: 'o',
  π: 'p',
  ρ: 'r',
  σ: 's',
  ς: 's',
  υ: 'u',
  ω: 'o',
};

/** A name as ASCII letters, as schools make user names. */
function foldName(name: string): string {
  // NFKD puts accents behind their letter; what is left beyond ASCII is another script or a letter of its own.
  return [...name.toLowerCase().normalize('NFKD')]
    .map((letter) => latin[letter] ?? letter)
    .join('')
    .replace(/[^a-z]/g, '');
}

/** Gives the name of the person with a number, always the same. */
export function createNaming(seed: number): (person: number) => PersonName {
  const folded = cultures.map(({ given, family }) => ({ given: given.map(fold), family: family.map(fold) }));
  return (person) => {
    const { given, family } = pick(folded, mix(seed, draws.culture, person));
    const first = mix(seed, draws.givenName, person);
    const second = mix(seed, draws.middleName, person);
    return {
      given: pick(given, first),
      family: pick(family, mix(seed, draws.familyName, person)),
      middle: second % 5 === 0 ? pick(given, second >>> 3).name : '',
      preferred: pick(given, first + 1).name,
    };
  };
}

function fold(name: string): FoldedName {
  return { name, folded: foldName(name) };
}
