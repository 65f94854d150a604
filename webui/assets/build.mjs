// Builds webui/static/dist: hashed files, manifest.json (name -> file, SHA-256), THIRD_PARTY_NOTICES. Run: npm ci && npm run build
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.SUNLIT_ASSETS_OUT || join(here, '..', 'static', 'dist');
const inputs = ['js/app.js', 'js/diagram.js', 'css/app.css', 'css/diagram.css'];

const result = await build({
  absWorkingDir: here, entryPoints: inputs, outdir: out, entryNames: '[name]', bundle: true, minify: true, write: false, metafile: true,
  format: 'esm', target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'], charset: 'utf8', legalComments: 'none', loader: { '.svg': 'dataurl' },
});

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const manifest = {};
for (const { path, contents } of result.outputFiles) {
  const sha256 = createHash('sha256').update(contents).digest('hex');
  const name = path.split(/[\\/]/).pop();
  const file = name.replace(/\.(\w+)$/, `-${sha256.slice(0, 12)}.$1`);
  manifest[name] = { file, sha256 };
  await writeFile(join(out, file), contents);
}

const packages = [...new Set(Object.keys(result.metafile.inputs)
  .map(path => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean))].sort();
let notices = 'Third-party software in these files. Built from the versions that package-lock.json names.\n';
for (const name of packages) {
  const folder = join(here, 'node_modules', name);
  const { version, license, homepage } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find(entry => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  const text = file ? (await readFile(join(folder, file), 'utf8')).trim() : `Licence: ${license}`;
  notices += `\n${'-'.repeat(78)}\n${name} ${version} (${/^SEE/.test(license) ? 'bpmn.io licence' : license})${homepage ? ' ' + homepage : ''}\n\n${text.replace(/\r\n/g, '\n')}\n`;
}
await writeFile(join(out, 'THIRD_PARTY_NOTICES'), notices);
const sha256 = createHash('sha256').update(notices).digest('hex');
manifest.THIRD_PARTY_NOTICES = { file: 'THIRD_PARTY_NOTICES', sha256 };
await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, Object.keys(manifest).sort().concat('file', 'sha256'), 1) + '\n');
