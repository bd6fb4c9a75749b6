import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { checkContainerZip } from "../../src/deploy/containerZip.ts";

describe("a container zip", () => {
  it("has a Dockerfile at its top", () => {
    const zip = zipSync({ Dockerfile: strToU8("FROM scratch"), "load-test.sh": strToU8("exit 0") });
    expect(() => checkContainerZip(zip, "c.zip")).not.toThrow();
  });

  it.each([
    [zipSync({ "image/Dockerfile": strToU8("FROM scratch") }), "The file c.zip has no Dockerfile at its top."],
    [strToU8("no zip at all"), "The file c.zip is no zip file."],
  ])("is refused otherwise (%#)", (zip, sentence) => {
    expect(() => checkContainerZip(zip, "c.zip")).toThrow(sentence);
  });
});
