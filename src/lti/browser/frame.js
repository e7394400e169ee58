// Runs on the hub's page that frames a tool: platform storage for the tool (LTI Client Side postMessages
// 0.1), the browser's proof for the hub's authorize page, and a relay between tool and LMS.

import { form, readMessage, send, settings as shared } from './page.js';
import { createToolStorage } from './tool-storage.js';

/** @type {Map<string, string[]>} What the LMS may be told, with fields that are of no value to a stranger. */
const relayed = new Map([
  ['lti.frameResize', ['height', 'width']],
  ['lti.scrollToTop', []],
  ['lti.fetchWindowSize', []],
  ['lti.enableScrollEvents', []],
  ['lti.close', []],
  ['org.imsglobal.lti.close', []],
  ['lti.pageRefresh', []],
  ['lti.setUnloadMessage', []],
  ['lti.removeUnloadMessage', []],
  ['lti.showModuleNavigation', ['show']],
  ['lti.hideRightNav', []],
  ['lti.hideRightSideWrapper', []],
  ['showNavigationMenu', []],
  ['hideNavigationMenu', []],
  ['toggleCourseNavigationMenu', []],
]);

/** @type {{ origins: string[], proof: { launch: string, value: string } }} */
const settings = shared;
const storage = createToolStorage();
const frame = /** @type {HTMLIFrameElement} */ (document.querySelector('iframe'));
/** @type {string | undefined} The tool's origin that last asked the LMS. */
let asking;

window.addEventListener('message', (event) => {
  const message = readMessage(event.data);
  if (!message) return;
  if (event.origin === location.origin && message.subject === 'gatehouse.proof') giveProof(event, message);
  else if (event.source === frame.contentWindow) fromTool(event, message);
  else if (event.source === window.parent && window.parent !== window) fromPlatform(message);
});

/** @param {MessageEvent} event @param {any} message @param {object} parts */
function reply(event, message, parts) {
  const answer = { subject: `${message.subject}.response`, message_id: message.message_id, ...parts };
  event.source?.postMessage(answer, { targetOrigin: event.origin });
}

/** @param {MessageEvent} event @param {any} message */
function giveProof(event, message) {
  const { launch, value } = settings.proof;
  if (message.launch === launch) reply(event, message, { launch, proof: value });
}

/** @param {MessageEvent} event @param {any} message */
function fromTool(event, message) {
  const { subject } = message;
  const isLti = subject.startsWith('lti.') && !subject.endsWith('.response');
  if (!settings.origins.includes(event.origin)) {
    if (isLti) reply(event, message, { error: { code: 'wrong_origin' } });
  } else if (subject === 'lti.capabilities') {
    const subjects = [subject, 'lti.put_data', 'lti.get_data', ...relayed.keys()];
    reply(event, message, { supported_messages: subjects.map((one) => ({ subject: one })) });
  } else if (subject === 'lti.put_data' || subject === 'lti.get_data') {
    reply(event, message, storage.keep(event.origin, message));
  } else if (relayed.has(subject)) {
    relay(event.origin, message);
  } else if (isLti) {
    reply(event, message, { error: { code: 'unsupported_subject' } });
  }
}

/** @param {string} origin @param {any} message */
function relay(origin, message) {
  asking = origin;
  if (window.parent === window) {
    if (message.subject.endsWith('close')) window.close();
    return;
  }
  const names = ['subject', 'message_id', ...(relayed.get(message.subject) ?? [])];
  const part = Object.fromEntries(
    names.filter((name) => name in message).map((name) => [name, message[name]]),
  );
  // LMSs serve course pages from many hosts; frame-ancestors already says who may frame this page.
  window.parent.postMessage(part, '*');
}

/** Answers to what was relayed, and the scroll events that a tool asked for. @param {any} message */
function fromPlatform(message) {
  const subject = message.subject.replace(/\.response$/, '');
  const wanted = subject === message.subject ? subject === 'lti.scroll' : relayed.has(subject);
  if (wanted && asking !== undefined) frame.contentWindow?.postMessage(message, asking);
}

send();
if (form.parentElement) form.parentElement.hidden = true;
