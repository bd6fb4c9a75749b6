import type { JsonObject, JsonValue } from "../json.ts";
import { routes, type Route, type RouteParameter } from "./routes.ts";
import { schemas } from "./schemas.ts";

/** What only the template knows; each is a text or an intrinsic function such as `{"Fn::GetAtt": ["Api", "Arn"]}`. */
export interface OpenApiReferences {
  /** ARN of the function behind every route. */
  readonly functionArn: JsonValue;
  readonly userPoolArn: JsonValue;
  /** `{"Ref": "AWS::Partition"}`. */
  readonly partition: JsonValue;
  /** `{"Ref": "AWS::Region"}`. */
  readonly region: JsonValue;
  /** Name of the API in the account; default `Loadfleet`. */
  readonly title?: JsonValue;
  /** Version of the product. */
  readonly version: string;
}

/** Origin that may call the API from a browser; any, since the token travels in a header and never by itself. */
export const allowedOrigin = "*";
const allowedHeaders = "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key";

const meanings: Readonly<Record<number, string>> = {
  200: "Done.",
  201: "Made.",
  202: "Begun; repeat the request to go on.",
  400: "Something in the request is wrong; each field is named.",
  401: "There is no token, or it has expired.",
  403: "The person's groups do not allow it.",
  404: "There is no such thing.",
  409: "It cannot be done now, for example because the test is running.",
  413: "It is too large.",
  429: "There were too many requests.",
  500: "It failed for a reason that the log of the function tells.",
};
/** What every route can fail with. */
const commonFailures = [400, 401, 403, 429, 500];

/**
 * The one description of the REST API (OpenAPI 3.0), which is also the body of the template's RestApi: routes to the
 * function, authorizer, CORS and answers of the gateway itself. Nothing in it depends on a clock or on an account.
 */
export function makeOpenApi(references: OpenApiReferences): JsonObject {
  return {
    openapi: "3.0.1",
    info: {
      title: references.title ?? "Loadfleet",
      version: references.version,
      description:
        "Runs load tests on a fleet of Fargate tasks. Bodies and answers follow version 1.2 of the implementation " +
        "guide of Distributed Load Testing on AWS. A request holds at most 1 MB and an answer at most 6 MB: scripts " +
        "and data are uploaded to presigned addresses, results and artifacts fetched from them.",
    },
    paths: pathsOf(references),
    components: {
      securitySchemes: { userPool: authorizer(references.userPoolArn) },
      schemas,
    },
    "x-amazon-apigateway-request-validators": {
      parameters: { validateRequestParameters: true, validateRequestBody: false },
    },
    "x-amazon-apigateway-request-validator": "parameters",
    "x-amazon-apigateway-gateway-responses": gatewayResponses,
  };
}

function pathsOf(references: OpenApiReferences): JsonObject {
  const paths = [...new Set(routes.map(({ path }) => path))];
  return Object.fromEntries(
    paths.map((path) => {
      const own = routes.filter((route) => route.path === path);
      const operations = own.map((route) => [route.method, operationOf(route, references)] as const);
      return [path, { ...Object.fromEntries(operations), options: preflightOf(path, own) }];
    }),
  );
}

function operationOf(route: Route, references: OpenApiReferences): JsonObject {
  return {
    operationId: route.operation,
    summary: route.summary,
    description: `For people of the group \`${route.role}\`${route.role === "read" ? ", and those in no group" : route.role === "run" ? " or `admin`" : ""}.`,
    parameters: [...pathParameters(route.path), ...route.query].map(parameterOf),
    ...(route.takes === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf("application/json", route.takes) } }),
    responses: responsesOf(route),
    security: [{ userPool: [] }],
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      httpMethod: "POST",
      uri: invocationUri(references),
      passthroughBehavior: "when_no_match",
      timeoutInMillis: 29_000,
    },
  };
}

function responsesOf(route: Route): JsonObject {
  const answers = Object.entries(route.answers).map(
    ([status, schema]) => [status, responseOf(status, "application/json", schema)] as const,
  );
  const failures = [...new Set([...commonFailures, ...route.fails])].map(
    (status) => [String(status), responseOf(String(status), "application/problem+json", "Problem")] as const,
  );
  return Object.fromEntries([...answers, ...failures]);
}

function responseOf(status: string, mediaType: string, schema: string): JsonObject {
  return {
    description: meanings[Number(status)] ?? status,
    headers: { "Access-Control-Allow-Origin": { schema: { type: "string" } } },
    content: contentOf(mediaType, schema),
  };
}

function contentOf(mediaType: string, schema: string): JsonObject {
  return { [mediaType]: { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function pathParameters(path: string): readonly RouteParameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    place: "path",
    description: name === "runId" ? "The run's id." : "The test's id; letters of either case name the same test.",
  }));
}

function parameterOf({ name, place, description, isWhole }: RouteParameter): JsonObject {
  const schema = { type: isWhole === true ? "integer" : "string" };
  return { name, in: place, description, required: place === "path", schema };
}

/** The answer to a browser's question before the real request; the gateway gives it by itself, without a token. */
function preflightOf(path: string, own: readonly Route[]): JsonObject {
  const headers = {
    "Access-Control-Allow-Origin": allowedOrigin,
    "Access-Control-Allow-Headers": allowedHeaders,
    "Access-Control-Allow-Methods": [...own.map(({ method }) => method.toUpperCase()), "OPTIONS"].join(","),
    "Access-Control-Max-Age": "600",
  };
  const names = Object.keys(headers);
  return {
    summary: "Tells browsers what they may send.",
    parameters: pathParameters(path).map(parameterOf),
    responses: {
      "200": {
        description: "What may be sent.",
        headers: Object.fromEntries(names.map((name) => [name, { schema: { type: "string" } }])),
        content: contentOf("application/json", "Empty"),
      },
    },
    "x-amazon-apigateway-integration": {
      type: "mock",
      passthroughBehavior: "when_no_match",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: {
        default: {
          statusCode: "200",
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
          responseTemplates: { "application/json": "{}" },
        },
      },
    },
  };
}

function authorizer(userPoolArn: JsonValue): JsonObject {
  return {
    type: "apiKey",
    name: "Authorization",
    in: "header",
    description: "The identity token of the user pool.",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [userPoolArn] },
  };
}

function invocationUri({ functionArn, partition, region }: OpenApiReferences): JsonValue {
  const parts = ["arn:", partition, ":apigateway:", region, ":lambda:path/2015-03-31/functions/", functionArn];
  return { "Fn::Join": ["", [...parts, "/invocations"]] };
}

/** What the gateway answers by itself: the same members as the function's, and CORS, so that pages can read them. */
const gatewayResponses: JsonObject = {
  UNAUTHORIZED: gatewayResponse(401, "no-token", "There is no valid identity token.", "Sign in again."),
  ACCESS_DENIED: gatewayResponse(403, "not-allowed", "This is not allowed.", "Ask an administrator of the stack."),
  EXPIRED_TOKEN: gatewayResponse(401, "no-token", "The identity token has expired.", "Sign in again."),
  THROTTLED: gatewayResponse(429, "too-many-requests", "There were too many requests.", "Wait some seconds."),
  QUOTA_EXCEEDED: gatewayResponse(429, "too-many-requests", "There were too many requests.", "Wait until tomorrow."),
  REQUEST_TOO_LARGE: gatewayResponse(413, "too-large", "The request is too large.", "Upload files by /uploads."),
  INTEGRATION_TIMEOUT: gatewayResponse(504, "too-slow", "The answer took too long.", "Ask for less, or once more."),
  DEFAULT_4XX: gatewayResponse(
    undefined,
    "bad-request",
    "The request cannot be answered.",
    "See the API's description.",
  ),
  DEFAULT_5XX: gatewayResponse(
    undefined,
    "failed",
    "The request failed.",
    "Try once more; the gateway's log tells why.",
  ),
};

function gatewayResponse(status: number | undefined, code: string, title: string, hint: string): JsonObject {
  const problem = JSON.stringify({
    type: "about:blank",
    title,
    ...(status === undefined ? {} : { status }),
    code,
    hint,
  });
  return {
    ...(status === undefined ? {} : { statusCode: String(status) }),
    responseParameters: {
      "gatewayresponse.header.Access-Control-Allow-Origin": `'${allowedOrigin}'`,
      "gatewayresponse.header.Access-Control-Allow-Headers": `'${allowedHeaders}'`,
    },
    responseTemplates: { "application/json": problem },
  };
}
