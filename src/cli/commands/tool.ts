import { agsScope, serviceScopes } from '../../../contracts/scopes.ts';
import { platformAddresses } from '../../lti/platform-addresses.ts';
import { defined } from '../../platform/defined.ts';
import type { ToolSettings } from '../../tools/settings.ts';
import { presentations, switchStates, type Tool } from '../../tools/tool.ts';
import { getToolBySlug, listTools, registerTool, setToolStatus, updateTool } from '../../tools/tools.ts';
import { type CliIo, type Command, changing, type OptionSpec } from '../command.ts';
import { readKeySet } from '../key-set-file.ts';
import { facts, table } from '../layout.ts';
import type { Values } from '../values.ts';

/** Said instead of a scope. */
const noScope = 'none';

const settingOptions = {
  name: { value: 'text', about: 'What people call it' },
  'login-initiation-url': {
    value: 'url',
    about: 'Where the tool begins a login (OpenID Connect third-party login)',
  },
  'target-link-uri': { value: 'url', about: 'Where a launch leads' },
  'redirect-uri': { value: 'url', about: 'Where the tool takes id_tokens', multiple: true },
  'jwks-url': { value: 'url', about: 'Where the tool publishes its keys' },
  'jwks-file': { value: 'file', about: 'Or a file with its key set, where it publishes none' },
  presentation: { value: 'how', about: 'How its page is shown; framed by default', choices: presentations },
  'supports-storage': {
    value: 'yes|no',
    about: 'Whether it speaks the LTI postMessage storage',
    choices: ['yes', 'no'],
  },
  scope: {
    value: 'scope',
    about: 'What it may ask access tokens for; everything by default, or none alone for nothing',
    multiple: true,
    choices: [...serviceScopes, noScope],
  },
} as const satisfies Record<string, OptionSpec>;

const required = ['name', 'login-initiation-url', 'target-link-uri', 'redirect-uri'];
const slugArgument = { name: 'slug', about: 'The tool' };

/** The settings given on the command line, and no others. */
async function readSettings(values: Values, io: CliIo): Promise<Partial<ToolSettings>> {
  const jwks = await readKeySet(values, io);
  return defined({
    name: values.optional('name'),
    loginInitiationUrl: values.optional('login-initiation-url'),
    targetLinkUri: values.optional('target-link-uri'),
    redirectUris: values.optionalList('redirect-uri'),
    jwksUrl: values.optional('jwks-url'),
    jwks,
    presentation: values.optionalChoice('presentation', presentations),
    supportsStorage: values.optionalYesNo('supports-storage'),
    scopes: readScopes(values),
    status: values.optionalChoice('status', switchStates),
  });
}

function readScopes(values: Values): string[] | undefined {
  const scopes = values.optionalList('scope');
  if (scopes?.includes(noScope) && scopes.length > 1) throw values.wrong('scope', `${noScope} stands alone`);
  return scopes?.filter((scope) => scope !== noScope);
}

export const toolCreate: Command = {
  name: 'tool create',
  about: 'Register a tool with the hub, once for all tenants',
  options: {
    slug: { value: 'slug', about: 'Short name in web addresses: a–z, 0–9 and hyphens', required: true },
    ...Object.fromEntries(
      Object.entries(settingOptions).map(([name, spec]) => [
        name,
        required.includes(name) ? { ...spec, required: true } : spec,
      ]),
    ),
    ...changing,
  },
  examples: [
    'tool create --slug quiz --name Quiz --login-initiation-url https://quiz.example/lti/login ' +
      '--target-link-uri https://quiz.example/lti/launch --redirect-uri https://quiz.example/lti/launch ' +
      '--jwks-url https://quiz.example/jwks.json',
  ],
  async run({ values, io, open }) {
    const settings = await readSettings(values, io);
    const { hub, by } = await open();
    const { db, baseUrl, allowLoopback } = hub;
    const input = {
      ...settings,
      slug: values.text('slug'),
      name: values.text('name'),
      loginInitiationUrl: values.text('login-initiation-url'),
      targetLinkUri: values.text('target-link-uri'),
      redirectUris: values.list('redirect-uri'),
    };
    const tool = await db.withHub((tx) => registerTool(tx, input, { allowLoopback }, by));
    return showTool(tool, baseUrl, `Registered the tool "${tool.slug}". Give its developer:`);
  },
};

export const toolList: Command = {
  name: 'tool list',
  about: 'List all tools',
  examples: ['tool list'],
  async run({ open }) {
    const { hub } = await open();
    const { db } = hub;
    const tools = await db.withHub(listTools);
    const rows = tools.map(({ slug, name, clientId, presentation, status }) => [
      slug,
      name,
      clientId,
      presentation,
      status,
    ]);
    const text = table(['SLUG', 'NAME', 'CLIENT ID', 'SHOWN', 'STATUS'], rows, 'There is no tool yet.');
    return { json: { tools }, text };
  },
};

export const toolShow: Command = {
  name: 'tool show',
  about: 'Show a tool, and what its developer needs to know of the hub',
  arguments: [slugArgument],
  examples: ['tool show quiz'],
  async run({ values, open }) {
    const { hub } = await open();
    const { db, baseUrl } = hub;
    const tool = await db.withHub((tx) => getToolBySlug(tx, values.text('slug')));
    const { jwks, ...rest } = tool;
    const settings = facts({ ...rest, jwks: jwks && `${jwks.keys.length} pasted` });
    return showTool(tool, baseUrl, `${settings}\n\nFor its developer:`);
  },
};

export const toolUpdate: Command = {
  name: 'tool update',
  about: 'Change a tool’s settings; those not given stay',
  arguments: [slugArgument],
  options: {
    ...settingOptions,
    status: { value: 'status', about: 'Switch it on again, or off', choices: switchStates },
    ...changing,
  },
  examples: [
    'tool update quiz --presentation redirect',
    'tool update quiz --status active',
    `tool update quiz --scope ${agsScope.score}`,
  ],
  async run({ values, io, open }) {
    const settings = await readSettings(values, io);
    if (Object.keys(settings).length === 0) throw values.nothingGiven();
    const { hub, by } = await open();
    const { db, baseUrl, allowLoopback } = hub;
    const tool = await db.withHub(async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('slug'));
      return updateTool(tx, toolId, settings, { allowLoopback }, by);
    });
    return showTool(
      tool,
      baseUrl,
      `Changed the tool "${tool.slug}" (version ${tool.version}). For its developer:`,
    );
  },
};

export const toolDisable: Command = {
  name: 'tool disable',
  about: 'Switch a tool off for every tenant',
  arguments: [slugArgument],
  options: changing,
  examples: ['tool disable quiz --reason "contract ended"'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { db, allowLoopback } = hub;
    const tool = await db.withHub(async (tx) => {
      const { toolId } = await getToolBySlug(tx, values.text('slug'));
      return setToolStatus(tx, toolId, 'disabled', { allowLoopback }, by);
    });
    const text = `The tool "${tool.slug}" is off for every tenant. On again: tool update ${tool.slug} --status active`;
    return { json: { tool }, text };
  },
};

function showTool(tool: Tool, baseUrl: string, lead: string) {
  const forDeveloper = { clientId: tool.clientId, ...platformAddresses(baseUrl) };
  return { json: { tool, forDeveloper }, text: `${lead}\n${facts(forDeveloper)}` };
}
