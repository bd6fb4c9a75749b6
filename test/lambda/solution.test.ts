import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { containerKey, type SolutionProperties } from "../../src/core/stack/names.ts";
import type { Buckets, ObjectAddress } from "../../src/lambda/buckets.ts";
import { answerRequest, sendAnswer } from "../../src/lambda/cloudFormation.ts";
import { applyRequest, decodeRequest } from "../../src/lambda/solution.ts";

const { signal } = new AbortController();

interface Stored {
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  readonly type?: string;
}

/** Buckets in memory. */
class MemoryBuckets implements Buckets {
  readonly objects = new Map<string, Stored>();
  readonly emptied: string[] = [];

  #find({ bucket, key }: ObjectAddress): Stored {
    const found = this.objects.get(`${bucket}/${key}`);
    if (found === undefined) throw new UserError("aws-not-there", `There is no ${key} in ${bucket}.`);
    return found;
  }
  async get(from: ObjectAddress): Promise<Uint8Array> {
    return this.#find(from).bytes;
  }
  async put({ bucket, key }: ObjectAddress, bytes: Uint8Array, type: string): Promise<void> {
    this.objects.set(`${bucket}/${key}`, { bytes, metadata: {}, type });
  }
  async copy(from: ObjectAddress, to: ObjectAddress, metadata: Readonly<Record<string, string>>): Promise<void> {
    this.objects.set(`${to.bucket}/${to.key}`, { bytes: this.#find(from).bytes, metadata });
  }
  async metadata({ bucket, key }: ObjectAddress): Promise<Readonly<Record<string, string>> | undefined> {
    return this.objects.get(`${bucket}/${key}`)?.metadata;
  }
  async list(bucket: string): Promise<readonly string[]> {
    return this.keys(bucket);
  }
  async delete({ bucket, key }: ObjectAddress): Promise<void> {
    this.objects.delete(`${bucket}/${key}`);
  }
  async empty(bucket: string): Promise<void> {
    this.emptied.push(bucket);
  }
  keys(bucket: string): readonly string[] {
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(`${bucket}/`))
      .map((key) => key.slice(bucket.length + 1));
  }
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const properties: SolutionProperties = {
  AssetBucket: "assets",
  ContainerAsset: "c1.zip",
  ConsoleAsset: "k1.zip",
  ScenariosBucket: "scenarios",
  ConsoleBucket: "console",
  PipelineBucket: "pipeline",
  ConsoleConfiguration: '{"api":"x"}',
};

async function created(): Promise<MemoryBuckets> {
  const buckets = new MemoryBuckets();
  for (const version of ["1", "2"]) {
    await buckets.put({ bucket: "assets", key: `c${version}.zip` }, text(`container ${version}`), "");
    const files = { "index.html": text(version), [`assets/app${version}.js`]: text("") };
    await buckets.put({ bucket: "assets", key: `k${version}.zip` }, zipSync(files), "");
  }
  await applyRequest({ RequestType: "Create", ResourceProperties: properties }, buckets, signal);
  return buckets;
}

const container = (buckets: MemoryBuckets): string =>
  new TextDecoder().decode(buckets.objects.get(`scenarios/${containerKey}`)?.bytes);
const update = { ...properties, ContainerAsset: "c2.zip", ConsoleAsset: "k2.zip" };

describe("the custom resource", () => {
  test("fills the buckets on creation", async () => {
    const buckets = await created();
    expect(container(buckets)).toBe("container 1");
    expect(buckets.keys("console").toSorted()).toEqual(["assets/app1.js", "config.json", "index.html"]);
    expect(buckets.objects.get("console/index.html")?.type).toBe("text/html; charset=utf-8");
  });

  test("replaces its own container zip and the console on an update, and removes what is left of the old console", async () => {
    const buckets = await created();
    await applyRequest({ RequestType: "Update", ResourceProperties: update }, buckets, signal);
    expect(container(buckets)).toBe("container 2");
    expect(buckets.keys("console").toSorted()).toEqual(["assets/app2.js", "config.json", "index.html"]);
  });

  test("never replaces a container zip that somebody uploaded", async () => {
    const buckets = await created();
    await buckets.put({ bucket: "scenarios", key: containerKey }, text("mine"), "");
    await applyRequest({ RequestType: "Update", ResourceProperties: update }, buckets, signal);
    expect(container(buckets)).toBe("mine");
  });

  test("does not write the same container zip again, which would build the image again", async () => {
    const buckets = await created();
    let copies = 0;
    buckets.copy = async () => void copies++;
    await applyRequest({ RequestType: "Update", ResourceProperties: properties }, buckets, signal);
    expect(copies).toBe(0);
  });

  test("empties every bucket before the stack is deleted", async () => {
    const buckets = await created();
    await applyRequest({ RequestType: "Delete", ResourceProperties: properties }, buckets, signal);
    expect(buckets.emptied).toEqual(["scenarios", "console", "pipeline"]);
  });

  test("lets CloudFormation delete what it could not create", async () => {
    await applyRequest({ RequestType: "Delete", ResourceProperties: {} }, new MemoryBuckets(), signal);
    const create = applyRequest({ RequestType: "Create", ResourceProperties: {} }, new MemoryBuckets(), signal);
    await expect(create).rejects.toThrow("The template does not give the custom resource what it needs.");
  });
});

describe("the answer to CloudFormation", () => {
  const request = decodeRequest({
    RequestType: "Create",
    RequestId: "r",
    StackId: "s",
    LogicalResourceId: "l",
    ResponseURL: "https://example.com/answer",
    ResourceProperties: {},
  });

  test("carries the deployment's new id, and keeps it through updates", async () => {
    const ok = await answerRequest(
      request,
      async () => undefined,
      () => "new",
    );
    expect(ok).toMatchObject({ Status: "SUCCESS", PhysicalResourceId: "new", Data: { UUID: "new" } });
    const known = { ...request, RequestType: "Update" as const, PhysicalResourceId: "old" };
    expect(
      await answerRequest(
        known,
        async () => undefined,
        () => "new",
      ),
    ).toMatchObject({ Data: { UUID: "old" } });
  });

  test("says why something failed, within the size that CloudFormation reads", async () => {
    const fail = () => Promise.reject(new UserError("x", "It failed.", { hint: "é".repeat(5000) }));
    const failed = await answerRequest(request, fail, () => "new");
    expect(failed).toMatchObject({ Status: "FAILED", PhysicalResourceId: "new" });
    expect(failed.Reason).toMatch(/^It failed\. é/);
    expect(text(JSON.stringify(failed)).length).toBeLessThan(4096);
  });

  test("is sent again until it arrives, without a content type", async () => {
    const ok = await answerRequest(
      request,
      async () => undefined,
      () => "new",
    );
    const sent: Request[] = [];
    const send: typeof fetch = async (address, init) => {
      sent.push(new Request(address, init));
      return new Response("", { status: sent.length < 3 ? 500 : 200 });
    };
    await sendAnswer(request.ResponseURL, ok, async () => undefined, send);
    expect(sent).toHaveLength(3);
    expect([sent[2]?.method, sent[2]?.headers.get("content-type")]).toEqual(["PUT", null]);
    expect(await sent[2]?.json()).toEqual(ok);
  });

  test("that never arrives is an error, so that Lambda tries again", async () => {
    const ok = await answerRequest(
      request,
      async () => undefined,
      () => "new",
    );
    const send = () => Promise.reject(new Error("no route"));
    await expect(sendAnswer(request.ResponseURL, ok, async () => undefined, send)).rejects.toThrow("no route");
  });
});
