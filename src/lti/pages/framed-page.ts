import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';

export interface FramedPageOptions {
  readonly toolName: string;
  /** The tool's login initiation, sent into the frame. */
  readonly open: FormTarget;
  /** Origins whose messages are taken for the tool's: of its login, redirect and target URLs. */
  readonly toolOrigins: readonly string[];
  /** What the hub's authorize page inside the tool's frame asks for. */
  readonly proof: FramedProof;
}

export interface FramedProof {
  /** Names the launch, so that one of two framed tools cannot be taken for the other. It is not secret. */
  readonly launch: string;
  /** The secret that proves this browser at authorize; it is given to the hub's own origin only. */
  readonly value: string;
}

/** What browsers withhold from a frame unless each page around it hands it on. */
const handedOn = [
  'autoplay',
  'camera',
  'clipboard-write',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'microphone',
];

/**
 * The hub stays and frames the tool: it is then the platform window that the tool's storage messages
 * are meant for (LTI postMessage Storage 0.1), proves the browser to authorize, and hands on what the
 * tool says to the LMS. Throws a TypeError for an origin that is no URL.
 */
export function framedPage(environment: PageEnvironment, options: FramedPageOptions): Html {
  const { text } = environment;
  const title = text('framed.title', { tool: options.toolName });
  const origins = options.toolOrigins.map((origin) => new URL(origin).origin);
  const allow = handedOn.map((feature) => [feature, ...origins].join(' ')).join('; ');
  return layout(environment, {
    title,
    kind: 'frame',
    scripts: ['frame.js'],
    settings: { origins, proof: options.proof },
    content: html`<h1 class="unseen">${title}</h1>
<iframe name="gatehouse-tool" title="${title}" allow="${allow}"></iframe>
<div class="late start">${hiddenForm(options.open, { button: text('continue.button'), id: 'go', target: 'gatehouse-tool' })}</div>`,
  });
}
