import type { Highlighted } from "@lagnet/client/search/v1/search_pb.js";
import type { Reader, Said as Text } from "./reader.js";

/** A text, marked with its language if that is not the reader's: screen readers
 * then speak it as it is meant. */
export function Said({ reader, said }: { reader: Reader; said: Text }) {
  if (said.language === reader.language) return <>{said.text}</>;
  return <span lang={said.language}>{said.text}</span>;
}

/** A text with its line breaks and nothing else of Markdown. */
export function Paragraphs({ reader, said }: { reader: Reader; said: Text }) {
  const lang = said.language === reader.language ? undefined : said.language;
  return (
    <div lang={lang}>
      {said.text.split(/\n{2,}/).filter(Boolean).map((text) => <p key={text}>{text}</p>)}
    </div>
  );
}

/** What was found, with the words that were looked for in bold. */
export function Found({ reader, found }: { reader: Reader; found: Highlighted | undefined }) {
  if (!found) return null;
  const pieces = found.pieces.map(({ text, match }) => (match ? <mark>{text}</mark> : text));
  return found.language === reader.language || found.language === ""
    ? <>{pieces}</>
    : <span lang={found.language}>{pieces}</span>;
}
