import type { AnyDesc, FileRegistry } from "@bufbuild/protobuf";

type Proto = Readonly<Record<string, unknown>>;

// The numbers of what may be in what, in descriptor.proto. A comment is found by
// the numbers and positions on the way to what it is about.
const PARTS: Readonly<Record<string, number>> = {
  messageType: 4, service: 6, method: 2, field: 2, nestedType: 3, oneofDecl: 8, value: 2,
};
const ENUM_IN = { file: 5, message: 4 };

/** The comments of the protos, as Markdown. */
export class Comments {
  readonly #texts = new Map<unknown, string>();

  constructor(registry: FileRegistry) {
    for (const { proto } of registry.files) {
      const byPath = new Map(proto.sourceCodeInfo?.location.map(({ path, leadingComments }) =>
        [path.join(), leadingComments] as const));
      this.#take(proto as unknown as Proto, [], byPath);
    }
  }

  of(desc: AnyDesc): string {
    return this.#texts.get(desc.proto) ?? "";
  }

  #take(proto: Proto, path: readonly number[], byPath: ReadonlyMap<string, string>): void {
    this.#texts.set(proto, unwrapped(byPath.get(path.join()) ?? ""));
    const parts = { ...PARTS, enumType: path.length === 0 ? ENUM_IN.file : ENUM_IN.message };
    for (const [name, number] of Object.entries(parts)) {
      const children = (proto[name] ?? []) as Proto[];
      children.forEach((child, i) => this.#take(child, [...path, number, i], byPath));
    }
  }
}

// Lines of a paragraph become one; those of lists and of code stay.
function unwrapped(comment: string): string {
  return comment.replace(/^ /gm, "").trim().replace(/(\S)\n(?=[^\s*-])/g, "$1 ");
}
