// Platform storage for a framed tool (LTI postMessage Storage 0.1): in memory, by origin, bounded.

// The specification asks for at least 4096 bytes; a tool keeps a state and a nonce for a launch.
const maxKeys = 64;
const maxCharacters = 16384;

/** Storage that forgets when the page goes. `keep` gives the parts of the answer to one message. */
export function createToolStorage() {
  /** @type {Map<string, Map<string, string>>} */
  const byOrigin = new Map();

  /** @param {string} origin @param {any} message an lti.put_data or lti.get_data message */
  function keep(origin, { subject, message_id, key, value = null }) {
    const readable = subject === 'lti.get_data' || value === null || typeof value === 'string';
    if (typeof message_id !== 'string' || typeof key !== 'string' || !readable) {
      return { error: { code: 'bad_request', message: 'message_id, key and a value of text or null' } };
    }
    const data = byOrigin.get(origin) ?? new Map();
    byOrigin.set(origin, data);
    if (subject === 'lti.get_data') return { key, value: data.get(key) ?? null };
    if (value === null) {
      data.delete(key);
    } else if (!fits(data, key, value)) {
      return { key, error: { code: 'storage_exhaustion', message: 'no room left for this origin' } };
    } else {
      data.set(key, value);
    }
    return { key, value };
  }

  return { keep };
}

/** @param {Map<string, string>} data @param {string} key @param {string} value */
function fits(data, key, value) {
  const others = [...data].filter(([name]) => name !== key);
  const used = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  return others.length < maxKeys && used + key.length + value.length <= maxCharacters;
}
