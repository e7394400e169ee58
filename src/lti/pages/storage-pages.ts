import { type Html, html } from '../../platform/html.ts';
import type { PageEnvironment } from './environment.ts';
import { type FormTarget, hiddenForm } from './form.ts';
import { layout } from './layout.ts';
import { newWindowStep } from './new-window-page.ts';

/** Where the LMS keeps data for the hub while a launch goes on. */
export interface StoragePlace {
  /** `lti_storage_target`: the name of a frame beside the hub's, or `_parent`. */
  readonly frame: string;
  /**
   * The registration's authorize URL. Messages go to its exact origin and nowhere else (LTI OIDC Login
   * with LTI Client Side postMessages 0.1).
   */
  readonly authorizeUrl: string;
  /** Names the login. It is not secret. */
  readonly key: string;
}

export interface StoragePutPageOptions {
  readonly storage: StoragePlace;
  /** The secret that proves this browser at the launch. */
  readonly proof: string;
  /** The authentication request: where the page goes once stored, or once storing took too long. */
  readonly authorize: FormTarget;
  /** Sakai keeps data only for a frame that said `org.sakailms.lti.prelaunch` first. */
  readonly prelaunch?: boolean;
}

export interface StorageGetPageOptions {
  readonly storage: StoragePlace;
  /** The launch as it came; the page posts it again with one more field. */
  readonly launch: FormTarget;
  /** The name of that field. */
  readonly proofField: string;
  /** The next rung, when the LMS has no proof for this browser; absent where the launch then goes on without one. */
  readonly newWindow?: FormTarget;
}

/** The login step for an LMS with storage: `lti.put_data`, then on to authorize whatever came of it. */
export function storagePutPage(environment: PageEnvironment, options: StoragePutPageOptions): Html {
  const { text } = environment;
  const { storage, proof, prelaunch = false } = options;
  return layout(environment, {
    title: text('continue.title'),
    scripts: ['submit.js', 'storage.js'],
    settings: { ...placeSettings(storage), value: proof, prelaunch },
    content: goOnStep(environment, options.authorize),
  });
}

/**
 * The launch step without a cookie: `lti.get_data`, then the launch again with the proof. Without one a new window, or the
 * launch again with an empty proof.
 */
export function storageGetPage(environment: PageEnvironment, options: StorageGetPageOptions): Html {
  const { text } = environment;
  const { action, fields } = options.launch;
  const { storage, proofField, newWindow } = options;
  const withProof = { action, fields: { ...fields, [proofField]: '' } };
  const settings = { ...placeSettings(storage), proofField };
  if (newWindow === undefined) {
    return layout(environment, {
      title: text('continue.title'),
      scripts: ['submit.js', 'storage.js'],
      settings: { ...settings, waived: true },
      content: goOnStep(environment, withProof),
    });
  }
  return layout(environment, {
    title: text('checking.title'),
    scripts: ['submit.js', 'storage.js'],
    settings,
    content: html`<div class="early"><h1>${text('checking.title')}</h1><p role="status">${text('checking.body')}</p></div>
<div hidden>${hiddenForm(withProof, { button: text('continue.button'), id: 'go' })}</div>
<div class="late">${newWindowStep(environment, { open: newWindow })}</div>`,
  });
}

/** What comes into view where going on takes long, or there is no script. */
function goOnStep({ text }: PageEnvironment, target: FormTarget): Html {
  return html`<div class="late">
<h1>${text('continue.title')}</h1>
<p>${text('continue.body')}</p>
${hiddenForm(target, { button: text('continue.button'), id: 'go' })}
</div>`;
}

function placeSettings({ frame, authorizeUrl, key }: StoragePlace): Record<string, unknown> {
  return { frame, origin: new URL(authorizeUrl).origin, key };
}
