import { generateKeyPairSync, sign } from "node:crypto";

/** A key and a certificate that it signed itself, for 127.0.0.1, as PEM. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

const ecdsaWithSha256 = element(0x30, Buffer.from("06082a8648ce3d040302", "hex"));
const commonName = Buffer.from("0603550403", "hex");
const subjectAltName = Buffer.from("0603551d11", "hex");
const basicConstraints = Buffer.from("0603551d13", "hex");

/** Makes a certificate that is valid for a day before and after now; Node itself can only read them. */
export function makeCertificate(): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = element(0x30, element(0x31, element(0x30, commonName, element(0x0c, Buffer.from("127.0.0.1")))));
  const dayMs = 86_400_000;
  const extensions = element(
    0x30,
    element(0x30, subjectAltName, element(0x04, element(0x30, element(0x87, Buffer.from([127, 0, 0, 1]))))),
    element(0x30, basicConstraints, element(0x04, element(0x30, element(0x01, Buffer.from([0xff]))))),
  );
  const content = element(
    0x30,
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    element(0x30, time(Date.now() - dayMs), time(Date.now() + dayMs)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    element(0xa3, extensions),
  );
  const signature = element(0x03, Buffer.from([0]), sign("sha256", content, privateKey));
  const der = element(0x30, content, ecdsaWithSha256, signature);
  const lines = der.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** An element of ASN.1 in its DER form. */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, "");
  return element(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}
