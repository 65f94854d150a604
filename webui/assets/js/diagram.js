// Draws every [data-bpmn]. Marks and badges come as JSON in a <script type="application/json"> inside it:
// {"review": {"mark": "now", "badge": "…", "tone": "tok"}}.
import Viewer from 'bpmn-js/lib/NavigatedViewer';

// Names are Chinese in the file; <sun:name lang="en"> inside an element holds the English one.
function inPageLanguage(xml) {
  const file = new DOMParser().parseFromString(xml, 'application/xml');
  for (const name of file.getElementsByTagNameNS('urn:sunlit:bpmn:1', 'name')) {
    if (name.getAttribute('lang') === document.documentElement.lang) name.parentNode.parentNode.setAttribute('name', name.textContent);
  }
  for (const bounds of file.querySelectorAll('BPMNLabel > Bounds')) widen(bounds, file);
  return new XMLSerializer().serializeToString(file);
}

// A label as wide as two Chinese characters breaks a word in the middle: give it room for its longest word.
function widen(bounds, file) {
  const name = file.querySelector(`[id="${CSS.escape(bounds.closest('BPMNShape, BPMNEdge').getAttribute('bpmnElement'))}"]`)?.getAttribute('name') ?? '';
  const longest = Math.max(...name.split(/\s+/).map(word => /[a-z]/i.test(word) ? word.length : 0));
  const more = longest * 7 - bounds.getAttribute('width');
  if (more <= 0) return;
  bounds.setAttribute('x', bounds.getAttribute('x') - more / 2);
  bounds.setAttribute('width', longest * 7);
}

async function draw(box) {
  const facts = JSON.parse(box.querySelector('script[type="application/json"]')?.textContent || '{}');
  const fontFamily = getComputedStyle(document.body).fontFamily, size = +(box.dataset.font || 15);
  // Labels beside gateways and events have narrow boxes of their own: they keep the size they were drawn for.
  const textRenderer = { defaultStyle: { fontFamily, fontSize: size }, externalStyle: { fontFamily, fontSize: 12 } };
  const viewer = new Viewer({ container: box, textRenderer });
  await viewer.importXML(inPageLanguage(await (await fetch(box.dataset.bpmn)).text()));
  const canvas = viewer.get('canvas'), overlays = viewer.get('overlays'), elements = viewer.get('elementRegistry');
  for (const [id, fact] of Object.entries(facts)) {
    if (!elements.get(id)) continue;
    if (fact.mark) canvas.addMarker(id, fact.mark);
    if (fact.badge) {
      const badge = document.createElement('div');
      badge.className = 'ov ' + (fact.tone || '');
      badge.textContent = fact.badge;
      overlays.add(id, { position: fact.at || { top: -25, left: 2 }, html: badge, scale: false });
    }
  }
  const least = box.clientHeight;
  const fit = () => {
    // Room is kept at the right for the bpmn.io mark: nothing may lie over or under it.
    const inner = canvas.viewbox().inner, width = box.clientWidth, pad = 16, right = 64, top = 28;
    if (!width) return;
    const wanted = top + pad + inner.height * Math.min((width - pad - right) / inner.width, 1);
    const height = Math.round(Math.max(least, Math.min(560, wanted)));
    if (box.clientHeight !== height) { box.style.height = `${height}px`; canvas.resized(); }
    const now = box.dataset.centre && elements.get(box.dataset.centre);
    const whole = Math.min((width - pad - right) / inner.width, (height - top - pad) / inner.height, 1.7);
    const near = now && whole < 0.5; // too small to read: centre on the current step, the rest can be dragged
    const scale = near ? 0.75 : whole;
    const x = near ? now.x + now.width / 2 - width / scale / 2 : inner.x - (width - right - inner.width * scale) / 2 / scale;
    const y = near ? now.y + now.height / 2 - height / scale / 2 : inner.y - (height + top - pad - inner.height * scale) / 2 / scale;
    canvas.viewbox({ x, y, width: width / scale, height: height / scale });
  };
  new ResizeObserver(() => { canvas.resized(); fit(); }).observe(box);
}

for (const box of document.querySelectorAll('[data-bpmn]')) draw(box).catch(() => box.classList.add('unread'));
