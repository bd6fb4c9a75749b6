import { exitCodes, UserError } from "../../core/errors.ts";
import { removeTaurus, setUpTaurus } from "../../local/taurusSetup/setup.ts";
import type { Command } from "../command.ts";

/** `loadfleet setup taurus`: fetches Taurus and JMeter into the user's cache folder, or removes them. */
export const setupCommand: Command = {
  name: "setup",
  summary: "Fetch Taurus and JMeter for runs on this machine, or remove them",
  details:
    "Fetches pinned versions with pip and Maven, checks their checksums, and puts them into the cache folder of the user; " +
    "nothing is installed elsewhere. It says how much that takes before it begins. What is there already stays.",
  operands: { usage: "taurus", fewest: 1, most: 1, completes: "nothing" },
  options: [{ name: "remove", summary: "Remove what an earlier set-up fetched" }],
  examples: [
    { line: "loadfleet setup taurus", explains: "once, about a minute" },
    { line: "loadfleet setup taurus --remove", explains: "the disk as it was" },
  ],
  run: async (args, { stderr, interrupted }) => {
    const [what] = args.operands;
    if (what !== "taurus") {
      throw new UserError("unknown-setup", `There is no set-up named "${what}".`, {
        hint: "Write: loadfleet setup taurus.",
      });
    }
    const say = (line: string): void => stderr.write(`${line}\n`);
    if (args.has("remove")) {
      const folders = await removeTaurus();
      say(folders.length === 0 ? "There was nothing to remove." : `Removed ${folders.join(", ")}.`);
    } else {
      await setUpTaurus(say, interrupted);
    }
    return exitCodes.passed;
  },
};
