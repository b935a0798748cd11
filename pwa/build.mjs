// Bundles the scripts, copies the worker of the map and the fonts that we serve ourselves.
// Called by build.py, which checks the types first and skips all of it when nothing has changed.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../src/linli/design/static/built");
const require = createRequire(import.meta.url);
const inPackage = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);

// A phone that has the font already downloads nothing: its own copy comes first.
const FONTS = [
  {
    family: "Linli Sans",
    package: "@fontsource/noto-sans-sc",
    file: (slice, weight) => `noto-sans-sc-${slice}-${weight}-normal.woff2`,
    keep: (slice, range) => ["latin", "latin-ext"].includes(slice) || holdsCommonChinese(range),
    weights: [
      { file: 400, css: "100 450", local: ["Noto Sans SC Regular", "Noto Sans CJK SC Regular", "Noto Sans CJK SC", "PingFang SC Regular", "PingFangSC-Regular"] },
      { file: 600, css: "451 900", local: ["Noto Sans SC SemiBold", "Noto Sans CJK SC Bold", "PingFang SC Semibold", "PingFangSC-Semibold"] },
    ],
  },
  {
    family: "Linli Tibetan",
    package: "@fontsource/noto-serif-tibetan",
    file: (slice, weight) => `noto-serif-tibetan-${slice}-${weight}-normal.woff2`,
    keep: (slice) => slice === "tibetan",
    weights: [
      { file: 400, css: "100 450", local: ["Noto Serif Tibetan Regular", "Noto Serif Tibetan"] },
      { file: 700, css: "451 900", local: ["Noto Serif Tibetan Bold"] },
    ],
  },
];

// Signs and the 3,755 first-level characters of GB 2312: the Chinese of every day. Rarer ones take
// whatever font the device has.
const COMMON = commonCharacters();

function commonCharacters() {
  const decoder = new TextDecoder("gb18030");
  const found = new Set();
  for (let row = 0xa1; row <= 0xd7; row += 1) {
    for (let cell = 0xa1; cell <= 0xfe; cell += 1) {
      const text = decoder.decode(Uint8Array.of(row, cell));
      if (text.length === 1 && text !== "\ufffd") found.add(text.codePointAt(0));
    }
  }
  return [...found].filter((point) => point >= 0x2000 && point < 0xe000);
}

function holdsCommonChinese(range) {
  const spans = range.split(",").map((part) => {
    const [from, to] = part.trim().slice(2).split("-").map((hex) => parseInt(hex, 16));
    return [from, to ?? from];
  });
  return COMMON.some((point) => spans.some(([from, to]) => from <= point && point <= to));
}

async function fonts() {
  const rules = [];
  const faces = {}; // the same files for the map, which draws its letters itself
  let count = 0;
  for (const font of FONTS) {
    const { version } = JSON.parse(await readFile(inPackage(font.package, "package.json"), "utf8"));
    const folder = `fonts/${version}`; // a new version has new addresses, so each may be kept for ever
    await mkdir(join(target, folder), { recursive: true });
    const slices = JSON.parse(await readFile(inPackage(font.package, "unicode.json"), "utf8"));
    for (const [key, range] of Object.entries(slices)) {
      const slice = key.replace(/[[\]]/g, "");
      if (!font.keep(slice, range)) continue;
      for (const weight of font.weights) {
        const file = font.file(slice, weight.file);
        await copyFile(inPackage(font.package, `files/${file}`), join(target, folder, file));
        count += 1;
        if (weight.file === 400) {
          (faces[font.family] ??= []).push({ url: `${folder}/${file}`, "unicode-range": range.split(",") });
        }
        const local = weight.local.map((name) => `local("${name}")`).join(",");
        rules.push(
          `@font-face{font-family:"${font.family}";font-weight:${weight.css};font-display:swap;` +
            `src:${local},url(${folder}/${file}) format("woff2");unicode-range:${range}}`,
        );
      }
    }
  }
  await writeFile(join(target, "fonts.css"), rules.join("\n") + "\n");
  return { count, faces: await keep("map-fonts.json", JSON.stringify(faces)) };
}

// What a script asks for by itself has no `{% static %}` to find it: it lies in kept/ under a name that
// says what is in it, and the script is told that name. See web/statics.py for all the other files.
async function keep(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const path = `kept/${name.replace(/(?=\.\w+$)/, `.${digest}`)}`;
  await mkdir(join(target, "kept"), { recursive: true });
  await writeFile(join(target, path), content);
  return path;
}

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const common = { bundle: true, minify: true, legalComments: "eof", logLevel: "warning" };
await build({
  ...common,
  entryPoints: ["report", "board", "reply", "languages"].map((name) => join(here, `src/${name}.ts`)),
  outdir: target,
  format: "iife",
  target: "es2019",
});
const { count, faces } = await fonts();
const worker = await keep("map-worker.js", await readFile(inPackage("maplibre-gl", "dist/maplibre-gl-worker.mjs")));
await build({
  ...common,
  entryPoints: ["map", "studio"].map((name) => join(here, `src/${name}.ts`)),
  outdir: target,
  format: "esm",
  target: "es2022",
  define: { WORKER: JSON.stringify(worker), FACES: JSON.stringify(faces) },
});
await build({ ...common, entryPoints: [join(here, "src/map.css")], outdir: target });
await copyFile(inPackage("htmx.org", "dist/htmx.min.js"), join(target, "htmx.js"));
// What the server sends to a browser that takes compressed files, which is every one.
for (const name of await readdir(target, { recursive: true })) {
  if (!/\.(css|js|json)$/.test(name)) continue;
  await writeFile(join(target, `${name}.gz`), gzipSync(await readFile(join(target, name)), { level: 9 }));
}
console.log(`front end: built, ${count} font files`);
