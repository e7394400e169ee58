import { ask, storageKey } from './platform-storage.js';

const next = document.getElementById('next');
const { target, origin, state, secret } = next.dataset;

// Without an answer the launch goes on: the cookie may do.
ask({ target, origin }, { subject: 'lti.put_data', key: storageKey(state), value: secret })
  .catch(() => undefined)
  .finally(() => location.replace(next.href));
