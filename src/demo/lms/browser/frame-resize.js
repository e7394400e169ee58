// Lets a framed tool ask for its height: {subject: 'lti.frameResize', height: <CSS pixels>}.
const lowest = 320;
const highest = 4000;

window.addEventListener('message', ({ data, source }) => {
  if (typeof data !== 'object' || data === null || data.subject !== 'lti.frameResize') return;
  const height = Number(data.height);
  const frame = [...document.querySelectorAll('.tool iframe')].find(
    ({ contentWindow }) => contentWindow === source,
  );
  if (frame && Number.isFinite(height))
    frame.style.height = `${Math.min(highest, Math.max(lowest, height))}px`;
});
