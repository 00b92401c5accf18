import { type DescMethod, getOption } from "@bufbuild/protobuf";
import { access, type Allow, RoleSchema } from "@lagnet/client/options/v1/options_pb.js";

/** Whether anybody may call, also without credentials. */
export function isPublic(method: DescMethod): boolean {
  return getOption(method, access).public;
}

/** Who may call, in a sentence. */
export function whoMayCall(method: DescMethod): string {
  const { public: everybody, signedIn, allow } = getOption(method, access);
  if (everybody) return "Anybody may call this, also without credentials.";
  if (signedIn) return "Whoever has credentials may call this.";
  return `Who may call this: ${allow.map(holders).join("; or ")}.`;
}

function holders({ roles, on }: Allow): string {
  const names = roles.map((role) => `\`${RoleSchema.value[role]?.name}\``).join(", ");
  return `${names} over ${on === "" ? "the whole installation" : `what \`${on}\` names`}`;
}
