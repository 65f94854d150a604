// Keys for every list and form. Rows are <tr data-row>; a control names its key with data-key.
const rows = () => [...document.querySelectorAll('tr[data-row]')];
const at = () => rows().findIndex(row => row.classList.contains('cur'));
const typing = e => /INPUT|TEXTAREA|SELECT/.test(e.target.tagName) && e.target.type !== 'checkbox' && e.target.type !== 'radio';

function go(step) {
  const all = rows();
  if (!all.length) return;
  const next = Math.min(all.length - 1, Math.max(0, at() + step));
  all.forEach((row, i) => row.classList.toggle('cur', i === next));
  all[next].querySelector('a.main')?.focus({ preventScroll: true });
  all[next].scrollIntoView({ block: 'nearest' });
}

const open = row => row?.querySelector('a.main')?.click();
const press = control => {
  if (!control || control.getAttribute('aria-disabled') === 'true') return;
  control.focus(); // what opens goes on from here
  control.click();
};

addEventListener('keydown', e => {
  if (e.key === 'Escape' && typing(e)) return e.target.blur();
  if (document.querySelector('dialog[open]')) return;
  if (e.ctrlKey && e.key === 'Enter') return press(document.querySelector('[data-key="submit"]'));
  if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
  const row = rows()[at()];
  const act = {
    j: () => go(1),
    k: () => go(-1),
    o: () => document.querySelector('#opinion')?.focus(),
    c: () => press((row ?? document).querySelector('[data-claim]')),
    '/': () => document.querySelector('[data-find]')?.focus(),
    '?': () => document.querySelector('#keys')?.showModal(),
  }[e.key];
  if (e.key === 'Enter' && row && e.target === document.body) return open(row);
  if (act) { e.preventDefault(); return act(); }
  const control = document.querySelector(`[data-key="${CSS.escape(e.key)}"]`);
  if (control) { e.preventDefault(); press(control); }
});

document.addEventListener('click', e => {
  const off = e.target.closest('[aria-disabled="true"]');
  if (off) e.preventDefault();
  if (e.target.closest('[data-close]')) e.target.closest('dialog').close();
  if (e.target.closest('[data-keys]')) document.querySelector('#keys').showModal();
  if (e.target.closest('[data-print]')) print();
  const phrase = e.target.closest('[data-phrase]');
  if (phrase) {
    const box = document.querySelector('#opinion');
    box.value += (box.value ? '；' : '') + phrase.dataset.phrase;
    box.dispatchEvent(new Event('change', { bubbles: true }));
    box.focus();
  }
});
