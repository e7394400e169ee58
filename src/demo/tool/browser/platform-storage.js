// The tool's side of platform storage: LTI OIDC Login with Client Side postMessages 0.1,
// LTI postMessage Storage 0.1.
const giveUpAfter = 2000;
const repeatAfter = 200;

function frameWindow(target) {
  const platform = window.opener ?? window.parent;
  if (target === '_parent') return platform;
  try {
    return platform.frames[target] ?? platform;
  } catch {
    return platform;
  }
}

/**
 * Sends one message to the platform's storage and resolves with its answer. Repeats until the
 * platform's frame listens; rejects after two seconds or when the platform answers with an error.
 */
export function ask({ target, origin }, message) {
  const message_id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    // The target origin is the authorization endpoint's, so that nobody else reads the secret.
    const post = () => frameWindow(target).postMessage({ ...message, message_id }, origin);
    const repeating = setInterval(post, repeatAfter);
    const stop = setTimeout(() => finish(() => reject(new Error('no answer'))), giveUpAfter);
    function finish(settle) {
      clearInterval(repeating);
      clearTimeout(stop);
      window.removeEventListener('message', listen);
      settle();
    }
    function listen(event) {
      const { data } = event;
      if (event.origin !== origin || typeof data !== 'object' || data === null) return;
      if (data.subject !== `${message.subject}.response` || data.message_id !== message_id) return;
      finish(() => (data.error ? reject(new Error(data.error.code)) : resolve(data)));
    }
    window.addEventListener('message', listen);
    post();
  });
}

/** Name of the stored value of one login. */
export function storageKey(state) {
  return `state_${state}`;
}
