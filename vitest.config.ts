import { defineConfig } from "vitest/config";

const apart = [
  "bench",
  "browser",
  "cloud",
  "container",
  "e2e",
  "editor",
  "engines",
  "faults",
  "fixtures",
  "fuzz",
  "host",
  "stack",
  "taurus",
];

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
          name: "taurus",
          include: ["test/taurus/**/*.test.ts"],
          globalSetup: ["test/taurus/globalSetup.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "container",
          include: ["test/container/**/*.test.ts"],
          globalSetup: ["test/container/globalSetup.ts"],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        test: {
          name: "stack",
          include: ["test/stack/**/*.test.ts"],
          globalSetup: ["test/stack/globalSetup.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "cloud",
          include: ["test/cloud/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          globalSetup: ["test/engines/globalSetup.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
        },
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
      {
        test: {
          name: "editor",
          include: ["test/editor/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
