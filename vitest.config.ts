import { defineConfig } from "vitest/config";

const apart = ["bench", "browser", "cloud", "e2e", "faults", "fixtures", "fuzz", "host"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: apart.map((folder) => `test/${folder}/**`),
        },
      },
      // One file at a time: these start programs and measure load, which two cores cannot do twice at once.
      {
        test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], fileParallelism: false, testTimeout: 60_000 },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
