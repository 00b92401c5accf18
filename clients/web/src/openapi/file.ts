import { readFileSync } from "node:fs";
import type { Document } from "./shape.js";

/** The description of the API, as it was written when the gateway was built. */
export const OPENAPI_JSON = readFileSync(new URL("../../openapi.json", import.meta.url), "utf8");

export const OPENAPI = JSON.parse(OPENAPI_JSON) as Document;
