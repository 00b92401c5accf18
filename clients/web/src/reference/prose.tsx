/** A comment of the protos: paragraphs, lists, and `code` in both. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split("\n\n").map((block) => block.startsWith("* ")
        ? <ul>{block.slice(2).split("\n* ").map((item) => <li><Line text={item} /></li>)}</ul>
        : <p><Line text={block} /></p>)}
    </>
  );
}

/** One line of it. */
export function Line({ text }: { text: string }) {
  return <>{text.split("`").map((part, i) => i % 2 === 1 ? <code>{part}</code> : part)}</>;
}
