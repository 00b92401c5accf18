import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

interface Asset {
  readonly type: string;
  readonly content: string;
}

const BY_PATH = new Map<string, Asset>();

function read(file: string): string {
  return readFileSync(new URL(`../../../public/${file}`, import.meta.url), "utf8");
}

// Whatever changes has another address, so browsers may keep it for ever.
function load(file: string, content = read(file)): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const [stem, ending] = file.split(".") as [string, string];
  const path = `/static/${stem}.${hash}.${ending}`;
  BY_PATH.set(path, { type: TYPES[ending] as string, content });
  return path;
}

/** The addresses of the files in public/. */
export const STYLE = load("style.css");
export const LIVE = load("live.js");
export const KEEP = load("keep.js", read("kept.js") + read("keep.js"));
export const ICON = load("icon.svg");

/** The worker behind the form to sign up. Its address stays, as browsers look
 * there for a newer one. */
export const WORKER = "/worker.js";
export const WORKER_SCRIPT: Asset = {
  type: TYPES["js"] as string,
  content: read("kept.js") + read("worker.js"),
};

export function assetAt(path: string): Asset | undefined {
  return BY_PATH.get(path);
}
