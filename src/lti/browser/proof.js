// Runs on the hub's authorize page inside a framed tool: asks the hub's page around it for the proof of
// this browser and sends the request again with it. Where nobody answers in time it is sent without: the hub then
// ends the launch and tells the tool.

import { keepLoading, sendProof, settings } from './page.js';

const waitMs = 1500;
const windows = windowsAround();
let done = false;

/** Every window between this one and the top: the tool may keep a frame of its own in between. */
function windowsAround() {
  const found = [];
  for (let one = /** @type {Window} */ (window); one !== one.parent; one = one.parent) found.push(one.parent);
  return found;
}

/** @param {string} proof */
function finish(proof) {
  if (done) return;
  done = true;
  sendProof(proof);
}

window.addEventListener('message', (event) => {
  if (event.origin !== location.origin || !windows.includes(/** @type {Window} */ (event.source))) return;
  const { subject, launch, proof } = event.data ?? {};
  if (subject !== 'gatehouse.proof.response' || launch !== settings.launch) return;
  if (typeof proof === 'string') finish(proof);
});

keepLoading();
for (const target of windows) {
  // Only a window of the hub's own origin receives the question.
  target.postMessage({ subject: 'gatehouse.proof', launch: settings.launch }, location.origin);
}
setTimeout(() => finish(''), windows.length === 0 ? 0 : waitMs);
