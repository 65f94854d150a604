// A [data-live] block polls itself through htmx. While answers stay away, its sign shows the time of the data instead of the dot.
document.addEventListener('htmx:afterRequest', e => {
  const block = e.target.closest?.('[data-live]');
  if (!block) return;
  const lost = !(e.detail.xhr.status >= 200 && e.detail.xhr.status < 400);
  document.querySelectorAll('[data-live-sign]').forEach(sign => sign.toggleAttribute('data-lost', lost));
});
// 4xx answers of htmx requests carry a message for the page: show it where it belongs.
document.addEventListener('htmx:beforeSwap', e => {
  if ([403, 409, 422].includes(e.detail.xhr.status)) { e.detail.shouldSwap = true; e.detail.isError = false; }
});
