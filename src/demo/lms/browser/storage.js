// Platform storage for tools: LTI Client Side postMessages 0.1, LTI postMessage Storage 0.1.
// Runs in the course page (target `_parent`) and in the hidden frame that lti_storage_target names.
const keysPerOrigin = 500;
const bytesPerValue = 4096;
const storedByOrigin = new Map();

const framed = document.querySelector('[data-storage-target]');
const target = framed ? framed.dataset.storageTarget : window.parent === window ? undefined : window.name;

function supportedMessages() {
  const messages = [{ subject: 'lti.capabilities' }, { subject: 'lti.frameResize' }];
  if (target === undefined) return messages;
  return [
    ...messages,
    { subject: 'lti.put_data', frame: target },
    { subject: 'lti.get_data', frame: target },
  ];
}

function fail(code, message) {
  return { error: { code, message } };
}

function putData({ key, value }, stored) {
  if (typeof key !== 'string' || key === '') return fail('bad_request', 'key must be a string');
  if (value === null || value === undefined) {
    stored.delete(key);
    return { key, value: null };
  }
  if (typeof value !== 'string') return fail('bad_request', 'value must be a string');
  const full = !stored.has(key) && stored.size >= keysPerOrigin;
  if (full || new Blob([key, value]).size > bytesPerValue) {
    return { key, ...fail('storage_exhaustion', 'no room for this value') };
  }
  stored.set(key, value);
  return { key, value };
}

function getData({ key }, stored) {
  if (typeof key !== 'string' || key === '') return fail('bad_request', 'key must be a string');
  return { key, value: stored.get(key) ?? null };
}

function answer(data, origin) {
  if (data.subject === 'lti.capabilities') return { supported_messages: supportedMessages() };
  if (target === undefined) return fail('unsupported_subject', 'this window stores nothing');
  // What one origin stores, no other origin can read.
  const stored = storedByOrigin.get(origin) ?? new Map();
  storedByOrigin.set(origin, stored);
  return data.subject === 'lti.put_data' ? putData(data, stored) : getData(data, stored);
}

window.addEventListener('message', (event) => {
  const { data, origin, source } = event;
  if (typeof data !== 'object' || data === null || source === null) return;
  if (!['lti.capabilities', 'lti.put_data', 'lti.get_data'].includes(data.subject)) return;
  // A sandboxed sender has no origin that an answer could be addressed to.
  if (origin === 'null') return;
  const identity = { subject: `${data.subject}.response`, message_id: data.message_id };
  const body =
    typeof data.message_id === 'string' ? answer(data, origin) : fail('bad_request', 'message_id is missing');
  source.postMessage({ ...identity, ...body }, origin);
});
