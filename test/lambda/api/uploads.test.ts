import { describe, expect, it } from "vitest";
import { makeLinkClient, S3Links } from "../../../src/lambda/api/s3Links.ts";
import { ApiClient, jmeterTest, jmx } from "./client.ts";

const file = { testType: "jmeter", fileName: "C:\\plans\\shop.JMX", bytes: 20_000_000 };

describe("POST /scenarios/{testId}/uploads", () => {
  it("gives an address for each part, and puts the parts together when it is asked to", async () => {
    const api = new ApiClient();
    const begun = await api.ask("POST /scenarios/Xk29fLq0aZ/uploads", { body: file });
    const key = "public/test-scenarios/jmeter/xk29flq0az.jmx";
    const mib8 = 8 * 1024 ** 2;
    expect(begun).toMatchObject({
      status: 201,
      body: {
        testId: "xk29flq0az",
        key,
        fileType: "script",
        uploadId: "upload-1",
        partBytes: mib8,
        parts: [
          { number: 1, bytes: mib8, url: `https://store.example/${key}?part=1` },
          { number: 2, bytes: mib8 },
          { number: 3, bytes: 20_000_000 - 2 * mib8 },
        ],
        isComplete: false,
      },
    });
    const body = { ...file, uploadId: begun.body["uploadId"] };
    expect((await api.ask("POST /scenarios/Xk29fLq0aZ/uploads", { body })).body).toMatchObject({ code: "no-parts" });
    api.links.arrived.set("upload-1", 20_000_000);
    const done = await api.ask("POST /scenarios/Xk29fLq0aZ/uploads", { body });
    expect(done).toMatchObject({ status: 200, body: { key, bytes: 20_000_000, isComplete: true } });
  });

  it("leads to where a start looks for the file", async () => {
    const api = new ApiClient();
    const { body } = await api.ask("POST /scenarios/Xk29fLq0aZ/uploads", { body: { ...file, bytes: 5 } });
    await api.upload(String(body["key"]), jmx());
    expect((await api.ask("POST /scenarios", { body: jmeterTest })).status).toBe(200);
  });

  it.each([
    ["no type", { fileName: "a.jmx", bytes: 5 }, 400, "testType"],
    ["a type without files", { ...file, testType: "simple" }, 400, "testType"],
    ["an ending of another type", { ...file, fileName: "a.py" }, 400, "fileName"],
    ["no ending", { ...file, fileName: "jmx" }, 400, "fileName"],
    ["no size", { ...file, bytes: undefined }, 400, "bytes"],
    ["a size of 0", { ...file, bytes: 0 }, 400, "bytes"],
    ["an uploadId that is no text", { ...file, uploadId: 5 }, 400, "uploadId"],
  ])("refuses %s", async (_name, body, status, field) => {
    const answer = await new ApiClient().ask("POST /scenarios/shop/uploads", { body });
    expect(answer).toMatchObject({ status, body: { fields: [{ field }] } });
  });

  it("refuses more than 50 MB, and uploads that it did not begin", async () => {
    const api = new ApiClient();
    const large = await api.ask("POST /scenarios/shop/uploads", { body: { ...file, bytes: 50 * 1024 ** 2 + 1 } });
    expect(large).toMatchObject({ status: 413, body: { code: "too-large" } });
    const foreign = await api.ask("POST /scenarios/shop/uploads", { body: { ...file, uploadId: "other" } });
    expect(foreign).toMatchObject({ status: 404, body: { code: "no-upload" } });
  });
});

describe("S3Links", () => {
  const identity = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" };
  const connection = { region: "eu-west-1", credentials: async () => identity, endpoint: "http://127.0.0.1:9" };
  const links = new S3Links({ client: makeLinkClient(connection), bucket: "scenarios" });

  it("makes addresses that are good for a quarter of an hour and name the file to save", async () => {
    const url = new URL(
      await links.read("results/shop/1/result.json.gz", {
        fileName: "shop ü.json",
        contentType: "application/json",
        contentEncoding: "gzip",
      }),
    );
    expect(url.pathname).toBe("/scenarios/results/shop/1/result.json.gz");
    const query = Object.fromEntries(url.searchParams);
    expect(query).toMatchObject({
      "X-Amz-Expires": "900",
      "response-content-type": "application/json",
      "response-content-encoding": "gzip",
      "response-content-disposition": "attachment; filename*=UTF-8''shop%20%C3%BC.json",
    });
  });

  it("ends with the request when the service does not answer", async () => {
    await expect(links.beginUpload("a", 1, AbortSignal.abort())).rejects.toThrow("aborted");
  });
});
