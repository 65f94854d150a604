// Everything a page needs but the diagram. htmx is configured by <meta name="htmx-config">.
import htmx from 'htmx.org';
import { Idiomorph } from 'idiomorph';
import './keys.js';
import './forms.js';
import './live.js';

htmx.defineExtension('morph', {
  isInlineSwap: style => style.startsWith('morph'),
  handleSwap: (style, target, fragment) => style.startsWith('morph')
    && Idiomorph.morph(target, fragment.children, { morphStyle: style === 'morph:innerHTML' ? 'innerHTML' : 'outerHTML' }),
});
