// What forms need beyond htmx: one submission at a time, and selects that filter at once.
import htmx from 'htmx.org';

document.addEventListener('submit', e => {
  const form = e.target;
  if (e.submitter?.getAttribute('aria-disabled') === 'true' || form.dataset.sent) return e.preventDefault();
  if (!e.defaultPrevented && form.method === 'post') {
    form.dataset.sent = '1';
    htmx.trigger(form, 'htmx:abort');
    setTimeout(() => delete form.dataset.sent, 5000);
  }
});
// A form that is sent does not save itself as well: the answer would come too late, for a draft that is gone.
document.addEventListener('htmx:beforeRequest', e => e.target.closest?.('form')?.dataset.sent && e.preventDefault());
// A form that saves itself says so when it could not; what was typed stays on the page.
document.addEventListener('htmx:afterRequest', e => {
  const form = e.target.closest?.('form[data-unsaved]'), status = e.detail.xhr.status;
  const sign = form && document.querySelector('#saved, #side [role=status]');
  if (!sign || (status >= 200 && status < 300) || [403, 409, 422].includes(status)) return;
  sign.textContent = form.dataset.unsaved;
  sign.className = 'over-t';
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));
document.addEventListener('change', e => e.target.matches('select[data-go]') && e.target.form.requestSubmit());
document.querySelector('[data-first-error]')?.focus();
// A form [data-fragment] takes its first values from the address behind `#`, which no server and no log sees (receipts' QR codes).
const fragment = document.querySelector('form[data-fragment]');
if (fragment && location.hash.length > 1) {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const field = fragment.elements.namedItem(name);
    if (field instanceof HTMLInputElement && !field.value) field.value = value;
  }
}
