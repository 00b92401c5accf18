import { createHash, randomBytes } from "node:crypto";

/** A host's part of the randomness, as docs/api/draw.md has it. */
export interface Seed {
  /** 64 hexadecimal digits: the host's secret until the draw. */
  readonly seed: string;

  /** What is published at once. */
  readonly commitment: string;
}

export function newSeed(draw: string, host: string): Seed {
  const seed = randomBytes(32);
  return { seed: seed.toString("hex"), commitment: commitmentTo(draw, host, seed) };
}

/** The hash that commits a host to its seed and tells nothing of it. */
export function commitmentTo(draw: string, host: string, seed: Buffer): string {
  return createHash("sha256")
    .update("lagnet-draw/1 seed\0")
    .update(text(draw))
    .update(text(host))
    .update(seed)
    .digest("hex");
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return Buffer.concat([length, bytes]);
}
