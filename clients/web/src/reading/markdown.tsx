import type { JSX } from "preact";

/** The headings, lists and paragraphs of a Markdown text. Everything else in it
 * is shown as it was typed. `top` is the level of its first heading here. */
export function Markdown({ text, top, lang }: { text: string; top: 2 | 3; lang?: string }) {
  const blocks: JSX.Element[] = [];
  let items: string[] = [];
  let lines: string[] = [];
  const flush = () => {
    if (items.length) blocks.push(<ul>{items.map((item) => <li>{item}</li>)}</ul>);
    if (lines.length) blocks.push(<p>{lines.join(" ")}</p>);
    items = [];
    lines = [];
  };
  for (const line of text.split("\n")) {
    const heading = /^#{1,6} +(.*)$/.exec(line);
    const item = /^[*-] +(.*)$/.exec(line);
    if (heading) {
      flush();
      blocks.push(top === 2 ? <h2>{heading[1]}</h2> : <h3>{heading[1]}</h3>);
    } else if (item) {
      if (lines.length) flush();
      items.push(item[1] as string);
    } else if (line.trim() === "") {
      flush();
    } else {
      if (items.length) flush();
      lines.push(line.trim());
    }
  }
  flush();
  return <div lang={lang}>{blocks}</div>;
}
