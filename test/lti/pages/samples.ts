import { answerPage } from '../../../src/lti/pages/answer-page.ts';
import { loadAssets } from '../../../src/lti/pages/assets.ts';
import { createPageEnvironments, type PageEnvironment } from '../../../src/lti/pages/environment.ts';
import { reasonPage } from '../../../src/lti/pages/error-page.ts';
import { formPostPage } from '../../../src/lti/pages/form-post-page.ts';
import { framedPage } from '../../../src/lti/pages/framed-page.ts';
import { frontPage } from '../../../src/lti/pages/front-page.ts';
import { newWindowPage } from '../../../src/lti/pages/new-window-page.ts';
import { pickerPage } from '../../../src/lti/pages/picker-page.ts';
import { proofPage } from '../../../src/lti/pages/proof-page.ts';
import { storageGetPage, storagePutPage } from '../../../src/lti/pages/storage-pages.ts';
import { waitingPage } from '../../../src/lti/pages/waiting-page.ts';
import { registeredPage } from '../../../src/lti/registration/registered-page.ts';
import type { Html } from '../../../src/platform/html.ts';

export const assets = loadAssets();
export const environments = createPageEnvironments(assets);

/** Every page with one hostile or harmless value in every place that takes text. */
export function samplePages(value: string): Record<string, (environment: PageEnvironment) => Html> {
  // Answers 204, so that a browser that sends the form stays on the page.
  const go = { action: '/nothing', fields: { one: value, two: value } };
  const storage = { frame: value, authorizeUrl: 'http://lms.localhost/authorize', key: value };
  const reference = value;
  return {
    front: frontPage,
    formPost: (environment) => formPostPage(environment, go),
    storagePut: (environment) => storagePutPage(environment, { storage, proof: value, authorize: go }),
    storageGet: (environment) =>
      storageGetPage(environment, { storage, launch: go, proofField: 'proof', newWindow: go }),
    storageGetWaived: (environment) =>
      storageGetPage(environment, { storage, launch: go, proofField: 'proof' }),
    newWindow: (environment) => newWindowPage(environment, { open: go }),
    newWindowTool: (environment) => newWindowPage(environment, { open: go, toolName: value }),
    framed: (environment) =>
      framedPage(environment, {
        toolName: value,
        open: go,
        toolOrigins: ['http://tool.localhost'],
        proof: { launch: value, value },
      }),
    proof: (environment) => proofPage(environment, { authorize: go, proofField: 'proof', launch: value }),
    picker: (environment) =>
      pickerPage(environment, {
        about: 'content',
        choose: go,
        tools: [
          { slug: value, name: value },
          { slug: 'long', name: 'Donaudampfschifffahrtsgesellschaftskapitänspatentprüfungen üben' },
        ],
      }),
    pickerOfData: (environment) =>
      pickerPage(environment, { about: 'privacy', choose: go, tools: [{ slug: value, name: value }] }),
    answer: (environment) => answerPage(environment, { send: go, left: 0, cut: false }),
    answerTold: (environment) =>
      answerPage(environment, { send: go, error: { tool: value, message: value }, left: 2, cut: true }),
    waiting: (environment) =>
      waitingPage(environment, { statusUrl: '/status', resume: go, forSeconds: 3600, reference }),
    registered: (environment) =>
      registeredPage(environment, { family: 'blackboard', clientId: value, missingScopes: [value] }),
    error: (environment) =>
      reasonPage(environment, { code: 'deployment_unknown', reference, family: 'canvas' }),
    errorYou: (environment) => reasonPage(environment, { code: 'state_unknown', reference }),
  };
}
