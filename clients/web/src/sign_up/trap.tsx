import type { Reader } from "../reading/reader.js";
import { type Body, one } from "./draft.js";

// No person reads and fills a form in less.
const QUICKEST_MS = 2_000;

/** Fields that programs which fill every form give themselves away with. They
 * cost people nothing; what they catch is shown the form again, as a person
 * may have been caught. */
export function Trap({ reader }: { reader: Reader }) {
  return (
    <>
      <input type="hidden" name="at" value={Date.now()} />
      <div class="trap" aria-hidden="true">
        <label for="homepage">{reader.t("form.trap")}</label>
        <input id="homepage" name="homepage" tabIndex={-1} autocomplete="off" />
      </div>
    </>
  );
}

/** What the trap caught, or undefined. */
export function caught(body: Body, reader: Reader): string | undefined {
  if (one(body, "homepage") !== "") return reader.t("problem.trap");
  const at = Number(one(body, "at"));
  if (!(at > 0) || Date.now() - at < QUICKEST_MS) return reader.t("problem.quick");
  return undefined;
}
