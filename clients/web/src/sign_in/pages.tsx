import { randomUUID } from "node:crypto";
import type { Account } from "@lagnet/client/access/v1/accounts_pb.js";
import type { ComponentChildren } from "preact";
import type { Reader } from "../reading/reader.js";
import { html } from "../serving/layout.js";
import { idOf } from "../serving/names.js";
import { Line, Summary } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";

function page(
  reader: Reader, path: string, title: string, children: ComponentChildren,
): string {
  return html({
    reader,
    title,
    path,
    isPrivate: true,
    children: <><h1>{title}</h1>{children}</>,
  });
}

interface Start {
  readonly to: string | undefined;
  readonly email?: string;
  readonly problems?: readonly Problem[];
  readonly isSignedOut?: boolean;
}

/** Asks for the address to write to. */
export function startPage(
  reader: Reader, { to, email = "", problems = [], isSignedOut = false }: Start,
): string {
  const path = `/sign-in${to ? `?to=${encodeURIComponent(to)}` : ""}`;
  return page(reader, path, reader.t("sign_in.title"), (
    <>
      {isSignedOut ? <p class="notice" role="status">{reader.t("sign_in.out")}</p> : null}
      <p>{reader.t("sign_in.lead")}</p>
      <Summary reader={reader} problems={problems} />
      <form method="post" action={reader.to("/sign-in")}>
        <input type="hidden" name="request_id" value={randomUUID()} />
        {to ? <input type="hidden" name="to" value={to} /> : null}
        <Line id="email" label={reader.t("person.email")} problems={problems}
          input={{
            type: "email", value: email, maxLength: 254, required: true, autocomplete: "email",
            inputMode: "email", spellcheck: false, autocapitalize: "none",
          }} />
        <p><button class="button">{reader.t("sign_in.send")}</button></p>
      </form>
      <p class="quiet small">{reader.t("sign_in.who")}</p>
    </>
  ));
}

/** Asks for the code that was mailed. */
export function sentPage(reader: Reader, problems: readonly Problem[] = []): string {
  return page(reader, "/sign-in/sent", reader.t("sent.title"), (
    <>
      <p class="lead">{reader.t("sign_in.sent")}</p>
      <Summary reader={reader} problems={problems} />
      <SessionForm reader={reader}>
        <Line id="secret" label={reader.t("sign_in.code")} problems={problems}
          hint={reader.t("sign_in.code_hint")}
          input={{
            type: "text", inputMode: "numeric", autocomplete: "one-time-code", required: true,
            maxLength: 20, spellcheck: false,
          }} />
        <p><button class="button">{reader.t("sign_in.do")}</button></p>
      </SessionForm>
      <p>{reader.t("sent.spam")}</p>
      <Anew reader={reader} />
    </>
  ));
}

/** What the link in the mail opens: signs nobody in by itself, as programs that
 * read mail open links. */
export function linkPage(reader: Reader, secret: string): string {
  return page(reader, `/sign-in/${secret}`, reader.t("sign_in.title"), (
    <>
      <p class="lead">{reader.t("sign_in.link")}</p>
      <SessionForm reader={reader}>
        <input type="hidden" name="secret" value={secret} />
        <p><button class="button">{reader.t("sign_in.do")}</button></p>
      </SessionForm>
    </>
  ));
}

/** For a browser in which no sign-in was begun. */
export function otherBrowserPage(reader: Reader): string {
  return page(reader, "/sign-in", reader.t("sign_in.other.title"), (
    <>
      <p class="lead">{reader.t("sign_in.other.text")}</p>
      <Anew reader={reader} />
    </>
  ));
}

/** For a mailbox that several people share: whose account it is to be. */
export function choicePage(reader: Reader, secret: string, choices: readonly Account[]): string {
  return page(reader, "/sign-in/sent", reader.t("sign_in.choose.title"), (
    <>
      <p>{reader.t("sign_in.choose.text")}</p>
      <SessionForm reader={reader}>
        <input type="hidden" name="secret" value={secret} />
        <ul class="plain">
          {reader.sorted(choices, ({ displayName }) => displayName)
            .map(({ name, displayName }) => (
              <li class="doing">
                <button name="account" value={idOf(name)}>{displayName}</button>
              </li>
            ))}
        </ul>
      </SessionForm>
    </>
  ));
}

function SessionForm({ reader, children }: { reader: Reader; children: ComponentChildren }) {
  return (
    <form method="post" action={reader.to("/sign-in/session")}>
      <input type="hidden" name="request_id" value={randomUUID()} />
      {children}
    </form>
  );
}

function Anew({ reader }: { reader: Reader }) {
  return <p><a href={reader.to("/sign-in")}>{reader.t("sign_in.anew")}</a></p>;
}
