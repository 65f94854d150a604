// What forms need beyond htmx: one submission at a time, and selects that filter at once.
document.addEventListener('submit', e => {
  const form = e.target;
  if (e.submitter?.getAttribute('aria-disabled') === 'true' || form.dataset.sent) return e.preventDefault();
  if (!e.defaultPrevented && form.method === 'post') {
    form.dataset.sent = '1';
    setTimeout(() => delete form.dataset.sent, 5000);
  }
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));
document.addEventListener('change', e => e.target.matches('select[data-go]') && e.target.form.requestSubmit());
document.querySelector('[data-first-error]')?.focus();
