import type { ComponentChildren } from "preact";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { Summary, titled } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";
import { PersonForm, personPage } from "../signed_in/frame.js";
import type { Scope, Staff } from "./staff.js";

type Part = "visits" | "entries" | "accounts";

const PARTS: Readonly<Record<Part, Key>> = {
  visits: "console.visits.title",
  entries: "console.entries.title",
  accounts: "console.accounts.title",
};

interface Props {
  readonly reader: Reader;
  readonly staff: Staff;
  readonly title: string;

  /** Its address below /xx/console. */
  readonly path: string;
  readonly part?: Part;

  /** What kept the form that was sent from being taken. */
  readonly problems?: readonly Problem[] | undefined;
  readonly children: ComponentChildren;
}

/** A page of the console. */
export function consolePage(
  { reader, staff, title, path, part, problems = [], children }: Props,
): string {
  const parts = [
    "visits",
    ...(staff.networks.length ? ["entries"] : []),
    ...(staff.administered.length ? ["accounts"] : []),
  ] as Part[];
  return personPage(staff.person, {
    reader,
    title: titled(reader, title, problems),
    path: `/console${path}`,
    here: "console",
    children: (
      <>
        <nav class="parts" aria-label={reader.t("own.console")}>
          <a href={reader.to("/console")} aria-current={path === "" ? "page" : undefined}>
            {reader.t("console.home.title")}
          </a>
          {parts.map((one) => (
            <a href={reader.to(`/console/${one}`)}
              aria-current={one === part ? "true" : undefined}>
              {reader.t(PARTS[one])}
            </a>
          ))}
        </nav>
        <h1>{title}</h1>
        <Summary reader={reader} problems={problems} />
        {children}
      </>
    ),
  });
}

/** A form of the console: `action` is below /xx/console. */
export function Form(
  { reader, staff, action, requestId, isUpload = false, children }: {
    reader: Reader;
    staff: Staff;
    action: string;
    requestId?: string | undefined;

    /** Whether a file is sent with it. */
    isUpload?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <PersonForm reader={reader} person={staff.person} action={`/console${action}`}
      requestId={requestId} isUpload={isUpload}>
      {children}
    </PersonForm>
  );
}

/** A button that does one thing, once. */
export function Doing(
  { reader, staff, action, label, isMain = false, fields = {} }: {
    reader: Reader;
    staff: Staff;
    action: string;
    label: string;
    isMain?: boolean;
    fields?: Readonly<Record<string, string>>;
  },
) {
  return (
    <div class="doing">
      <Form reader={reader} staff={staff} action={action}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class={isMain ? "button" : undefined}>{label}</button>
      </Form>
    </div>
  );
}

/** The networks and hosts to choose from, where there are several. */
export function Scopes(
  { reader, scopes, here, path }:
    { reader: Reader; scopes: readonly Scope[]; here: Scope; path: string },
) {
  if (scopes.length < 2) return null;
  return (
    <nav class="parts" aria-label={reader.t("console.scopes")}>
      {scopes.map(({ query, of }) => (
        <a href={reader.to(`/console${path}?${query}`)}
          aria-current={query === here.query ? "true" : undefined}>
          <Said reader={reader} said={reader.pick(of.displayName)} />
        </a>
      ))}
    </nav>
  );
}

/** The way to the next page of a list. */
export function NextPage(
  { reader, path, query, token }:
    { reader: Reader; path: string; query: Readonly<Record<string, string>>; token: string },
) {
  if (token === "") return null;
  const parts = new URLSearchParams({ ...query, page: token });
  return (
    <p class="pages">
      <a href={reader.to(`/console${path}?${parts}`)} rel="next">{reader.t("list.next")}</a>
    </p>
  );
}
