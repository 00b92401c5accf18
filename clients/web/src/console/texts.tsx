import type { Reader } from "../reading/reader.js";
import { type Body, one } from "../sign_up/draft.js";
import { Line, Text } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";
import { languagesOf } from "./typed.js";

interface Props {
  readonly reader: Reader;
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly body: Body;
  readonly problems: readonly Problem[];

  /** The languages that are to be seen at once; the others unfold. */
  readonly first: readonly string[];
  readonly maxLength: number;

  /** So many lines; one if not set. */
  readonly rows?: number;
}

/** A text in several languages: those of the network first. */
export function Texts(props: Props) {
  const { reader, id, body, first } = props;
  const all = languagesOf(body, id);
  const shown = all.filter((tag) =>
    first.includes(tag) || one(body, `${id}-${tag}`) !== "");
  const seen = shown.length ? shown : [reader.language];
  const others = all.filter((tag) => !seen.includes(tag));
  return (
    <>
      {seen.map((tag, i) => <TextIn {...props} tag={tag} isFirst={i === 0} />)}
      {others.length ? (
        <details>
          <summary>{props.label}: {reader.t("console.other_languages")}</summary>
          {others.map((tag) => <TextIn {...props} tag={tag} isFirst={false} />)}
        </details>
      ) : null}
    </>
  );
}

function TextIn(
  { reader, id, label, hint, body, problems, maxLength, rows, tag, isFirst }:
    Props & { tag: string; isFirst: boolean },
) {
  const field = {
    id: `${id}-${tag}`,
    label: `${label} (${reader.languageName(tag)})`,
    hint: isFirst ? hint : undefined,
    problems,
  };
  const value = one(body, field.id);
  return rows
    ? <Text {...field} input={{ lang: tag, maxLength, rows }} value={value} />
    : <Line {...field} input={{ type: "text", lang: tag, maxLength, value }} />;
}
