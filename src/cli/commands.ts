import type { Command } from "./command.ts";
import { artifactsCommand } from "./commands/artifacts.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { debugCommand } from "./commands/debug.ts";
import { deleteCommand } from "./commands/delete.ts";
import { deployCommand } from "./commands/deploy.ts";
import { destroyCommand } from "./commands/destroy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { helpCommand } from "./commands/help.ts";
import { imageCommand } from "./commands/image.ts";
import { mergeCommand } from "./commands/merge.ts";
import { planCommand } from "./commands/plan.ts";
import { previewCommand } from "./commands/preview.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { runsCommand } from "./commands/runs.ts";
import { setupCommand } from "./commands/setup.ts";
import { showCommand } from "./commands/show.ts";
import { statusCommand } from "./commands/status.ts";
import { stopCommand } from "./commands/stop.ts";
import { templateCommand } from "./commands/template.ts";
import { versionCommand } from "./commands/version.ts";
import { watchCommand } from "./commands/watch.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  checkCommand,
  planCommand,
  debugCommand,
  runCommand,
  runsCommand,
  showCommand,
  watchCommand,
  stopCommand,
  artifactsCommand,
  deleteCommand,
  reportCommand,
  mergeCommand,
  deployCommand,
  previewCommand,
  statusCommand,
  imageCommand,
  templateCommand,
  destroyCommand,
  setupCommand,
  doctorCommand,
  completionCommand(() => commands),
  helpCommand(() => commands),
  versionCommand,
];
