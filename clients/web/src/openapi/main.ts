import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { makeDocument } from "./document.js";

// Writes openapi.json, when the gateway is built.
const require = createRequire(import.meta.url);
const descriptors = readFileSync(require.resolve("@lagnet/client/lagnet.binpb"));
const { version } = require("../../../package.json") as { version: string };
const target = new URL("../../openapi.json", import.meta.url);
writeFileSync(target, JSON.stringify(makeDocument(descriptors, version), undefined, 1));
