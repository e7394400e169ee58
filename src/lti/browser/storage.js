// Keeps or fetches the hub's proof in the LMS's window (LTI postMessage Storage 0.1, LTI OIDC Login with
// LTI Client Side postMessages 0.1), then goes on. With `value` it stores, without it fetches.

import { keepLoading, readMessage, send, sendProof, settings as shared, showFallback } from './page.js';

/**
 * @typedef {object} Settings
 * @property {string} frame the LMS's lti_storage_target
 * @property {string} origin of the LMS's authorize URL; messages pass to and from it alone
 * @property {string} key
 * @property {string} [value]
 * @property {boolean} [prelaunch]
 * @property {boolean} [waived] the launch goes on without a proof, where there is none
 */

const waitMs = 1500;
const prelaunchMs = 250;

/** @type {Settings} */
const settings = shared;
const subject = settings.value === undefined ? 'lti.get_data' : 'lti.put_data';
const messageId = crypto.randomUUID();
const windows = storageWindows();
let done = false;
let asked = false;
let refusals = 0;

/** The named frame first, then the platform's window itself: in some places the frame is missing. */
function storageWindows() {
  const platform = window.parent === window ? window.opener : window.parent;
  if (!platform) return [];
  const found = [platform];
  try {
    const named = settings.frame === '_parent' ? undefined : platform.frames[settings.frame];
    // A name such as "location" is a member of every window and names no frame.
    if (typeof named?.postMessage === 'function') found.unshift(named);
  } catch {
    // A name that the other window does not have cannot be looked up across origins.
  }
  return found;
}

/** @param {object} message */
function tell(message) {
  // The target origin has to be that of the authorize URL; the browser drops the message elsewhere.
  for (const target of windows) target.postMessage(message, settings.origin);
}

function ask() {
  if (asked) return;
  asked = true;
  const { key, value } = settings;
  tell({ subject, message_id: messageId, key, ...(value !== undefined && { value }) });
}

/** @param {unknown} [answer] */
function finish(answer) {
  if (done) return;
  done = true;
  // Whether it was really stored shows at the launch, where it is fetched again.
  if (settings.value !== undefined) send();
  else if (typeof answer === 'string' && answer !== '') sendProof(answer);
  else if (settings.waived) send();
  else showFallback();
}

window.addEventListener('message', (event) => {
  if (event.origin !== settings.origin || !windows.includes(event.source)) return;
  const message = readMessage(event.data);
  if (message?.subject === 'org.sakailms.lti.prelaunch.response') ask();
  if (message?.subject !== `${subject}.response` || message.message_id !== messageId) return;
  const good = !message.error && (settings.value !== undefined || typeof message.value === 'string');
  if (!good) refusals += 1;
  if (good || refusals === windows.length) finish(message.value);
});

keepLoading();
setTimeout(finish, waitMs);
if (windows.length === 0) {
  finish();
} else if (settings.prelaunch) {
  tell({ subject: 'org.sakailms.lti.prelaunch' });
  setTimeout(ask, prelaunchMs);
} else {
  ask();
}
