import type { FileType, TestType } from "../../core/api/testRequest.ts";

/** Endings that a script of a type may have; the last is what the console of version 1.2 names every script. */
const scriptEndings: Readonly<Record<TestType, readonly string[]>> = {
  simple: [],
  jmeter: ["jmx"],
  taurus: ["yml", "yaml", "json"],
  k6: ["js", "ts", "jmx"],
  locust: ["py", "jmx"],
};

/** Keys under which the file of a test may have been uploaded, the likeliest first. */
export function uploadKeys(testType: TestType, fileType: FileType, testId: string): readonly string[] {
  const endings = fileType === "zip" ? ["zip"] : fileType === "script" ? scriptEndings[testType] : [];
  return endings.map((ending) => `${uploadFolder(testType)}${testId}.${ending}`);
}

/** Every key that a test can have files under. */
export function allUploadKeys(testTypes: readonly TestType[], testId: string): readonly string[] {
  return testTypes.flatMap((type) => [...uploadKeys(type, "script", testId), ...uploadKeys(type, "zip", testId)]);
}

/** Key of a file that is about to be uploaded; undefined when its ending fits no file of the type. */
export function keyForUpload(testType: TestType, fileName: string, testId: string): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  const endings = [...scriptEndings[testType], "zip"];
  return endings.includes(ending) ? `${uploadFolder(testType)}${testId}.${ending}` : undefined;
}

/** Endings of what can be uploaded for a type of test. */
export function endingsOf(testType: TestType): readonly string[] {
  return [...scriptEndings[testType], "zip"];
}

function uploadFolder(testType: TestType): string {
  return `public/test-scenarios/${testType}/`;
}
