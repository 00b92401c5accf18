import type { ComponentChildren, InputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import type { Reader } from "../reading/reader.js";
import type { Problem } from "./problems.js";

/** The title of a page with a form, which says at once that something is to be
 * corrected. */
export function titled(reader: Reader, title: string, problems: readonly Problem[]): string {
  return problems.length ? `${reader.t("form.wrong")} ${title}` : title;
}

/** The list of what is wrong, above a form: gets the focus, and leads to each
 * field. */
export function Summary({ reader, problems }: { reader: Reader; problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <div class="problems" role="alert" tabIndex={-1} autofocus aria-labelledby="problems">
      <h2 id="problems">{reader.t("form.problems", { count: problems.length })}</h2>
      <ul>
        {problems.map(({ field, label, text, english }) => (
          <li>
            {field ? <a href={`#${field}`}>{label ? labelled(label, text) : text}</a> : text}
            {english ? <English reader={reader} text={english} /> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

// A label may be a question.
function labelled(label: string, text: string): string {
  return label.endsWith("?") ? `${label} ${text}` : `${label}: ${text}`;
}

function English({ reader, text }: { reader: Reader; text: string }) {
  return <> <span lang={reader.language === "en" ? undefined : "en"}>({text})</span></>;
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly problems: readonly Problem[];
}

function describedBy({ id, hint, problems }: FieldProps): string | undefined {
  const ids = [
    hint ? `${id}-hint` : "",
    problems.some(({ field }) => field === id) ? `${id}-problem` : "",
  ].filter(Boolean);
  return ids.length ? ids.join(" ") : undefined;
}

function isWrong({ id, problems }: FieldProps): boolean {
  return problems.some(({ field }) => field === id);
}

function Notes({ id, hint, problems }: FieldProps) {
  const problem = problems.find(({ field }) => field === id);
  return (
    <>
      {hint ? <span class="hint" id={`${id}-hint`}>{hint}</span> : null}
      {problem ? <strong class="problem" id={`${id}-problem`}>{problem.text}</strong> : null}
    </>
  );
}

/** A line to type into. */
export function Line(
  props: FieldProps & { input: InputHTMLAttributes<HTMLInputElement> },
) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <Notes {...props} />
      <input id={props.id} name={props.id} {...props.input}
        aria-invalid={isWrong(props) || undefined} aria-describedby={describedBy(props)} />
    </div>
  );
}

/** Lines to type into. */
export function Text(
  props: FieldProps & { value: string; input: TextareaHTMLAttributes<HTMLTextAreaElement> },
) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <Notes {...props} />
      {/* Browsers drop a first line break. */}
      <textarea id={props.id} name={props.id} rows={6} {...props.input}
        aria-invalid={isWrong(props) || undefined} aria-describedby={describedBy(props)}>
        {`\n${props.value}`}
      </textarea>
    </div>
  );
}

/** A list to choose from. */
export function Choice(props: FieldProps & { required?: boolean; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <Notes {...props} />
      <select id={props.id} name={props.id} required={props.required ?? false}
        aria-invalid={isWrong(props) || undefined} aria-describedby={describedBy(props)}>
        {props.children}
      </select>
    </div>
  );
}

/** A few answers of which one is chosen, or several. */
export function Answers(
  props: FieldProps & {
    options: readonly { value: string; label: string; lang?: string }[];
    chosen: readonly string[];
    several?: boolean;
    required?: boolean;
  },
) {
  const { id, chosen, options } = props;
  return (
    <fieldset class="field" aria-describedby={describedBy(props)}>
      <legend>{props.label}</legend>
      <Notes {...props} />
      {options.map(({ value, label }, i) => (
        <label class="answer">
          <input id={i ? undefined : id} type={props.several ? "checkbox" : "radio"} name={id}
            value={value} checked={chosen.includes(value)} required={props.required ?? false} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Something to tick. */
export function Tick(
  { id, label, checked }: { id: string; label: string; checked: boolean },
) {
  return (
    <label class="answer">
      <input id={id} name={id} type="checkbox" value="1" checked={checked} />
      <span>{label}</span>
    </label>
  );
}
