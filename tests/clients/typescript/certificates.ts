// Certificates for tests, made by openssl.
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class Certificates {
  constructor(private readonly folder: string) {}

  file(name: string): string {
    return join(this.folder, name);
  }

  pem(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  /** An authority, a server's that it signed, and one of `gateway.example.org`. */
  makeUsual(): void {
    this.make("authority", "basicConstraints=critical,CA:true");
    this.make("server", "subjectAltName=DNS:localhost,IP:127.0.0.1", "authority");
    this.make("gateway", "subjectAltName=DNS:gateway.example.org\nextendedKeyUsage=clientAuth",
      "authority");
  }

  /** Makes NAME.key and NAME.crt, signed by the authority or by itself. */
  make(name: string, extension: string, by?: string): void {
    writeFileSync(this.file("extension"), extension);
    const openssl = (...words: string[]) => execFileSync("openssl", words, { stdio: "pipe" });
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl("req", ...ec, "-subj", `/CN=${name}`, "-keyout", this.file(`${name}.key`), "-out",
      this.file(`${name}.csr`));
    const signer = by
      ? ["-CA", this.file(`${by}.crt`), "-CAkey", this.file(`${by}.key`), "-CAcreateserial"]
      : ["-signkey", this.file(`${name}.key`)];
    openssl("x509", "-req", "-days", "2", "-in", this.file(`${name}.csr`), "-extfile",
      this.file("extension"), ...signer, "-out", this.file(`${name}.crt`));
    chmodSync(this.file(`${name}.key`), 0o644); // As root, lagnetd becomes another user.
  }
}
