import { UserError } from "../core/errors.ts";
import type { Forecast } from "../core/run/forecast.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { forecastCost } from "../fleet/spending.ts";
import type { Arguments } from "./arguments.ts";
import { connectToAws, readAwsChoice } from "./awsOptions.ts";
import type { Context } from "./context.ts";
import { readEngineChoice } from "./engines.ts";

/** The longest run of a stack as it is deployed. */
const longestRunMs = 4 * 3_600_000;

/** Asks the stack what a run needs and costs; without a way to it, that is said, and the cost is that of the price table. */
export async function forecastRun(plan: RunPlan, args: Arguments, context: Context): Promise<Forecast> {
  try {
    const engine = await context.openEngine(readEngineChoice(args));
    if (engine.forecast !== undefined) return await engine.forecast(plan, context.interrupted);
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== "environment") throw error;
    const { code, message, hint } = error;
    const check = { code, severity: "warning" as const, message, ...(hint === undefined ? {} : { hint }) };
    return { checks: [check], cost: await costByTable(plan, args, context) };
  }
  return { checks: [], cost: await costByTable(plan, args, context) };
}

async function costByTable(plan: RunPlan, args: Arguments, context: Context): Promise<Forecast["cost"]> {
  const { pricesOf } = await import("../aws/prices.ts");
  const prices = pricesOf((await regionOf(args, context)) ?? "us-east-1");
  return forecastCost(plan, { prices, architecture: "arm64", hasPublicIp: true, longestRunMs });
}

/** The region that the person means; a profile may have one although its credentials do not work. */
async function regionOf(args: Arguments, context: Context): Promise<string | undefined> {
  const { env } = context;
  const named = args.text("region") ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (named !== undefined) return named;
  try {
    return (await connectToAws(readAwsChoice(args), context)).region;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
