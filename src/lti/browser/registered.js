// Runs on the page that ends a dynamic registration: the LMS that has opened it, in a frame or a window, takes over again
// (LTI Dynamic Registration 1.0, step 4). Nothing secret is in the message, and the LMS's origin is not known for sure.

document.getElementById('close')?.addEventListener('click', () => {
  const lms = window.opener ?? window.parent;
  lms.postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
});
