import { randomUUID } from "node:crypto";
import type { ComponentChildren } from "preact";
import type { Reader } from "../reading/reader.js";
import { html, type PageProps } from "../serving/layout.js";
import { FORM_TOKEN, formToken } from "./form_token.js";
import { hasDesk, isStaff, type Person } from "./person.js";

type Part = "desk" | "console";

/** The bytes of a page for somebody who is signed in. */
export function personPage(
  person: Person,
  { here, ...props }: Omit<PageProps, "part" | "isPrivate" | "nav"> & { here: Part },
): string {
  const { reader } = props;
  const link = (part: Part, label: string) => (
    <a href={reader.to(`/${part}`)} aria-current={here === part ? "true" : undefined}>{label}</a>
  );
  return html({
    ...props,
    isPrivate: true,
    nav: (
      <nav class="own" aria-label={person.account?.displayName || reader.t("own.parts")}>
        {hasDesk(person) ? link("desk", reader.t("own.desk")) : null}
        {isStaff(person) ? link("console", reader.t("own.console")) : null}
        <PersonForm reader={reader} person={person} action="/sign-out">
          <button class="link">{reader.t("own.sign_out")}</button>
        </PersonForm>
      </nav>
    ),
  });
}

/** A form of a signed-in page: done once, and taken from that page only. */
export function PersonForm(
  { id, reader, person, action, requestId, isUpload = false, children }: {
    id?: string;
    reader: Reader;
    person: Person;

    /** Its address without the language. */
    action: string;

    /** What the server knows a repeat by: made with the empty form. */
    requestId?: string | undefined;

    /** Whether a file is sent with it. */
    isUpload?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <form method="post" action={reader.to(action)} id={id}
      enctype={isUpload ? "multipart/form-data" : undefined}>
      <input type="hidden" name={FORM_TOKEN} value={formToken(person)} />
      <input type="hidden" name="request_id" value={requestId ?? randomUUID()} />
      {children}
    </form>
  );
}
