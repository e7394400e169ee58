/** A file to be written, or to be written anew. Paths count from the root of the project. */
export interface ScaffoldFile {
  path: string;
  text: string;
}

export type Scaffold = { kind: 'write'; files: ScaffoldFile[] } | { kind: 'refuse'; problem: string };

/** Where each file of a new connector is taken from. */
const origins = (id: string): Readonly<Record<string, string>> => ({
  [`connectors/${id}/index.ts`]: 'scripts/connector-template/connector/index.ts',
  [`connectors/${id}/settings.ts`]: 'scripts/connector-template/connector/settings.ts',
  [`connectors/${id}/client.ts`]: 'scripts/connector-template/connector/client.ts',
  [`connectors/${id}/map.ts`]: 'scripts/connector-template/connector/map.ts',
  [`connectors/${id}/README.md`]: 'scripts/connector-template/README.md',
  [`test/connectors/${id}/map.test.ts`]: 'scripts/connector-template/test/map-test.ts',
  [`test/connectors/${id}/recorded-users.json`]: 'scripts/connector-template/test/recorded-users.json',
  [`test/connectors/contract/${id}-harness.ts`]: 'test/connectors/contract/template-harness.ts',
  [`test/connectors/contract/${id}-source.ts`]: 'test/connectors/contract/template-source.ts',
});

const connectorList = 'connectors/index.ts';
const harnessList = 'test/connectors/contract/harnesses.ts';
/** Names that TypeScript or the scaffold itself needs. */
const reserved = new Set([
  'connectors',
  'contract',
  'index',
  'new',
  'template',
  'template-source',
  'default',
  'class',
  'import',
]);

/**
 * Works out every file of a new connector. The template is a connector that is tested like any other, so that what comes
 * out of it passes the same tests under its new name.
 *
 * @param read text of a file; undefined where there is none
 * @param exists whether there is such a file or folder
 */
export function planScaffold(
  id: string,
  read: (path: string) => string | undefined,
  exists: (path: string) => boolean,
): Scaffold {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 40) {
    return refuse(
      `"${id}" cannot be an id. Use small letters and digits with hyphens between, such as "my-sis".`,
    );
  }
  if (reserved.has(id)) return refuse(`"${id}" is taken by the project itself. Choose another id.`);
  const taken = [`connectors/${id}`, ...Object.keys(origins(id))].find(exists);
  if (taken !== undefined) return refuse(`${taken} exists already. Choose another id, or delete it first.`);
  const names = namesOf(id);
  const files = Object.entries(origins(id)).map(([path, origin]) => ({
    path,
    text: rename(origin, need(read, origin), names),
  }));
  const lists = [
    {
      path: connectorList,
      text: addToList(need(read, connectorList), names.constant, `./${id}/index.ts`),
    },
    {
      path: harnessList,
      text: addToList(need(read, harnessList), `${names.constant}Harness`, `./${id}-harness.ts`),
    },
  ];
  return { kind: 'write', files: [...files, ...lists] };
}

interface Names {
  id: string;
  /** mySis */
  constant: string;
  /** MySis */
  type: string;
  /** My sis */
  title: string;
}

function namesOf(id: string): Names {
  const constant = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const first = id[0] ?? '';
  return {
    id,
    constant,
    type: `${first.toUpperCase()}${constant.slice(1)}`,
    title: `${first.toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`,
  };
}

function rename(origin: string, text: string, { id, constant, type, title }: Names): string {
  const isTest = origin.startsWith('scripts/connector-template/test/');
  return (
    text
      .replaceAll('../../../scripts/connector-template/connector/', `../../../connectors/${id}/`)
      .replaceAll("'../connector/", `'../../../connectors/${id}/`)
      // The template's folder lies one deeper than a connector's.
      .replaceAll(
        "'../../../contracts/",
        origin.includes('/connector/') && !isTest ? "'../../contracts/" : "'../../../contracts/",
      )
      .replaceAll('./template-source.ts', `./${id}-source.ts`)
      .replaceAll('zyx-template-token', `zyx-${id}-token`)
      .replaceAll('template-source', id)
      .replaceAll('templateSource', constant)
      .replaceAll('templateHarness', `${constant}Harness`)
      .replaceAll('TemplateSource', `${type}Source`)
      .replaceAll('Template source', title)
      .replaceAll("'Template 1'", `'${title} 1'`)
      .replaceAll('the source of a scaffolded connector', title)
  );
}

/** Adds an import and an element to a file that is a list and nothing else. */
function addToList(text: string, name: string, from: string): string {
  const withImport = `import { ${name} } from '${from}';\n${text}`;
  return withImport.replace(
    /(= \[)([^\]]*?),?\s*(\];\s*)$/,
    (_, open: string, items: string, close: string) => {
      const all = [...items.split(',').map((item) => item.trim()), name].filter((item) => item !== '');
      return `${open}${all.join(', ')}${close}`;
    },
  );
}

function need(read: (path: string) => string | undefined, path: string): string {
  const text = read(path);
  if (text === undefined) throw new Error(`${path} is missing. Run this at the root of a whole checkout.`);
  return text;
}

function refuse(problem: string): Scaffold {
  return { kind: 'refuse', problem };
}
