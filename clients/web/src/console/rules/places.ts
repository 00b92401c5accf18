import type { Territory } from "@lagnet/client/directory/v1/territories_pb.js";
import type { Reader } from "../../reading/reader.js";
import { searchable } from "../../serving/query.js";
import type { Site } from "../../serving/site.js";
import type { Problem } from "../../sign_up/problems.js";

/** A field in which territories were typed. */
interface Typed {
  readonly field: string;
  readonly text: string;
  /** Whether the field is for one territory only. */
  readonly isOne: boolean;
}

/** The codes of the territories that were meant, field by field: each by a code
 * or by exactly what it is called. Whether there is such a code, the server
 * says. */
export async function placesMeant(
  site: Site, typed: readonly Typed[],
): Promise<{ codes: string[][]; problems: Problem[] }> {
  const { reader } = site;
  const meant = await Promise.all(typed.map(({ field, text, isOne }) => {
    const pieces = piecesOf(text);
    if (isOne && pieces.length > 1) {
      return [{
        field, label: reader.t("console.rules.place"), text: reader.t("console.rules.place_one"),
      }];
    }
    return Promise.all(pieces.map((piece) => placeMeant(site, piece, field)));
  }));
  return {
    codes: meant.map((ones) => ones.filter((one) => typeof one === "string")),
    problems: meant.flat().filter((one) => typeof one !== "string"),
  };
}

/** `PL81, GE-MM, Kazbegi`, or only codes with spaces. */
export function piecesOf(text: string): string[] {
  return text.split(/[,;\n]+/).map((piece) => piece.trim()).filter(Boolean)
    .flatMap((piece) => {
      const words = piece.split(/\s+/);
      return words.every(isCode) ? words : [piece];
    });
}

function isCode(word: string): boolean {
  return /^(?:[a-z]{2}(?:[-\d]|$)|\d)/i.test(word);
}

async function placeMeant(
  { upstream, reader }: Site, piece: string, field: string,
): Promise<string | Problem> {
  if (isCode(piece)) return piece.toUpperCase();
  const name = searchable(piece).slice(0, 100);
  const { territories } = await upstream.lagnet.territories.listTerritories({
    namePrefix: name, pageSize: 50,
  });
  const same = territories.filter(({ displayName }) =>
    Object.values(displayName?.texts ?? {}).some(({ text }) => plain(text) === plain(name)));
  const [only] = same;
  if (only && same.length === 1) return codeOf(only);
  return {
    field,
    label: reader.t("console.rules.place"),
    text: territories.length === 0
      ? reader.t("console.rules.place_unknown", { place: piece })
      : reader.t("console.rules.place_which", {
        place: piece,
        codes: (same.length ? same : territories).slice(0, 5)
          .map((one) => said(one, reader)).join("; "),
      }),
  };
}

function codeOf({ codes }: Territory): string {
  return codes[0]?.code ?? "";
}

function said(territory: Territory, reader: Reader): string {
  return `${reader.pick(territory.displayName).text} (${codeOf(territory)})`;
}

// As the server compares names: without case and marks.
function plain(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
