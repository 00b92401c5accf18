import type { Reader } from "../reading/reader.js";

/** What public/keep.js shows where a sign-up is kept on the device. */
export function OnDevice({ reader }: { reader: Reader }) {
  return (
    <aside id="kept" class="kept" aria-label={reader.t("kept.title")} tabIndex={-1} hidden>
      <p data-kept="unsent">{reader.t("kept.unsent")}</p>
      <p data-kept="waiting">{reader.t("kept.waiting")}</p>
      <p data-kept="refused">{reader.t("kept.refused")}</p>
      <p data-kept="taken">
        {reader.t("kept.taken")} <a href={reader.to("/visits")}>{reader.t("kept.answer")}</a>
      </p>
      <p data-kept="waiting refused">{reader.t("kept.until")}</p>
      <p data-kept="waiting refused taken">
        <button type="button" data-do="send" data-kept="waiting">{reader.t("kept.again")}</button>
        <button type="button" data-do="correct" data-kept="refused">
          {reader.t("kept.correct")}
        </button>
        <button type="button" data-do="delete">{reader.t("kept.delete")}</button>
      </p>
    </aside>
  );
}
