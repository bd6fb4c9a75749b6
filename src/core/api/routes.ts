/** What a person may do with the API: each role includes the ones before it. */
export type Role = "read" | "run" | "admin";

export type OperationName =
  | "listScenarios"
  | "startScenario"
  | "getScenario"
  | "cancelScenario"
  | "deleteScenario"
  | "uploadFile"
  | "listRuns"
  | "setBaseline"
  | "clearBaseline"
  | "getRun"
  | "getEvents"
  | "getResult"
  | "listArtifacts"
  | "listTasks";

/** A parameter of a route's path or query. */
export interface RouteParameter {
  readonly name: string;
  readonly place: "path" | "query";
  readonly description: string;
  readonly isWhole?: boolean;
}

/** One operation of the API; the OpenAPI document and the router are made of the same table. */
export interface Route {
  readonly operation: OperationName;
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it: `/scenarios/{testId}`. */
  readonly path: string;
  readonly role: Role;
  readonly summary: string;
  readonly query: readonly RouteParameter[];
  /** Name of the schema of the body that it takes. */
  readonly takes?: string;
  /** Status of success → name of the schema of what it answers. */
  readonly answers: Readonly<Record<number, string>>;
  /** Statuses of failure beside those that every route has. */
  readonly fails: readonly number[];
}

const limit: RouteParameter = {
  name: "limit",
  place: "query",
  description: "Most entries of the answer.",
  isWhole: true,
};
const after: RouteParameter = {
  name: "after",
  place: "query",
  description: "Goes on after a page: the `next` of that page.",
};

/** Every operation of the API. */
export const routes: readonly Route[] = [
  {
    operation: "listScenarios",
    method: "get",
    path: "/scenarios",
    role: "read",
    summary: "Lists the tests, each with the state of its last run.",
    query: [limit, after],
    answers: { 200: "ScenarioList" },
    fails: [],
  },
  {
    operation: "startScenario",
    method: "post",
    path: "/scenarios",
    role: "run",
    summary: "Stores a test, new or known, and starts a run of it.",
    query: [],
    takes: "ScenarioRequest",
    answers: { 200: "Scenario" },
    fails: [404, 409, 413],
  },
  {
    operation: "getScenario",
    method: "get",
    path: "/scenarios/{testId}",
    role: "read",
    summary: "Gets a test with the results of its last run and a page of its history.",
    query: [limit, after],
    answers: { 200: "Scenario" },
    fails: [404],
  },
  {
    operation: "cancelScenario",
    method: "post",
    path: "/scenarios/{testId}",
    role: "run",
    summary: "Asks the running test for a graceful end; what it has measured is kept.",
    query: [],
    answers: { 200: "Status" },
    fails: [404],
  },
  {
    operation: "deleteScenario",
    method: "delete",
    path: "/scenarios/{testId}",
    role: "admin",
    summary: "Deletes a test with its runs, results and files; 202 says that there is more: repeat it.",
    query: [],
    answers: { 200: "Status", 202: "Status" },
    fails: [404, 409],
  },
  {
    operation: "uploadFile",
    method: "post",
    path: "/scenarios/{testId}/uploads",
    role: "run",
    summary: "Gives addresses to upload a script or zip to in parts, or, with an uploadId, puts the parts together.",
    query: [],
    takes: "UploadRequest",
    answers: { 200: "Upload", 201: "Upload" },
    fails: [404, 409, 413],
  },
  {
    operation: "listRuns",
    method: "get",
    path: "/scenarios/{testId}/runs",
    role: "read",
    summary: "Lists the runs of a test, the newest first.",
    query: [limit, after],
    answers: { 200: "RunList" },
    fails: [404],
  },
  {
    operation: "setBaseline",
    method: "put",
    path: "/scenarios/{testId}/baseline",
    role: "run",
    summary: "Marks a run as the one that the test's other runs are compared with.",
    query: [],
    takes: "BaselineRequest",
    answers: { 200: "Baseline" },
    fails: [404, 409],
  },
  {
    operation: "clearBaseline",
    method: "delete",
    path: "/scenarios/{testId}/baseline",
    role: "run",
    summary: "Takes the mark of the baseline away.",
    query: [],
    answers: { 200: "Baseline" },
    fails: [404],
  },
  {
    operation: "getRun",
    method: "get",
    path: "/runs/{runId}",
    role: "read",
    summary: "Gets a run with its tasks and results.",
    query: [],
    answers: { 200: "Run" },
    fails: [404],
  },
  {
    operation: "getEvents",
    method: "get",
    path: "/runs/{runId}/events",
    role: "read",
    summary: "Gets what has changed in a run since the last question; without `after`, a snapshot.",
    query: [after],
    answers: { 200: "Events" },
    fails: [404],
  },
  {
    operation: "getResult",
    method: "get",
    path: "/runs/{runId}/result",
    role: "read",
    summary: "Gives an address of the whole merged result (loadfleet.result.v1).",
    query: [],
    answers: { 200: "Link" },
    fails: [404],
  },
  {
    operation: "listArtifacts",
    method: "get",
    path: "/runs/{runId}/artifacts",
    role: "read",
    summary: "Lists the files that are kept of a run, each with an address.",
    query: [limit, after],
    answers: { 200: "ArtifactList" },
    fails: [404],
  },
  {
    operation: "listTasks",
    method: "get",
    path: "/tasks",
    role: "read",
    summary: "Lists the running tasks of all tests.",
    query: [],
    answers: { 200: "TaskList" },
    fails: [],
  },
];

/** Finds the route of a method and a path as the table writes it (`/runs/{runId}`); undefined when there is none. */
export function findRoute(method: string, path: string): Route | undefined {
  return routes.find((route) => route.path === path && route.method === method.toLowerCase());
}

const roles: readonly Role[] = ["read", "run", "admin"];

/** Tells whether a person of these groups may do what takes a role; a person in no group may read. */
export function hasRole(groups: readonly string[], wanted: Role): boolean {
  return Math.max(0, ...roles.map((role, rank) => (groups.includes(role) ? rank : 0))) >= roles.indexOf(wanted);
}
