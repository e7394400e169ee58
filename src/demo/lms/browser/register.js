// A tool that has registered itself asks for its page to be closed: {subject: 'org.imsglobal.lti.close'}.
// LTI Dynamic Registration 1.0, step 4 (registration completed and activation).
window.addEventListener('message', ({ data, source }) => {
  const frame = document.querySelector('iframe[name=registering]');
  if (typeof data !== 'object' || data === null || data.subject !== 'org.imsglobal.lti.close') return;
  if (source === frame.contentWindow) window.location.assign(frame.dataset.next);
});
