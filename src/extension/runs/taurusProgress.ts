import { l10n, ProgressLocation, window, type LogOutputChannel } from "vscode";
import { tell } from "../language.ts";
import { tellError } from "./tell.ts";

/** Sets Taurus and JMeter up in the person's cache folder, with a notice that can cancel it; false when that did not succeed, which the person was told. */
export async function setUpTaurusHere(log: LogOutputChannel): Promise<boolean> {
  const cancelling = new AbortController();
  const title = l10n.t("Setting up Taurus and JMeter");
  try {
    await window.withProgress(
      { location: ProgressLocation.Notification, cancellable: true, title },
      async (progress, token) => {
        token.onCancellationRequested(() => cancelling.abort());
        const { setUpTaurus } = await import("../../local/taurusSetup/setup.ts");
        await setUpTaurus((message) => {
          log.info(message);
          progress.report({ message: tell(message) });
        }, cancelling.signal);
      },
    );
    return true;
  } catch (error) {
    if (!cancelling.signal.aborted) await tellError(error, log);
    return false;
  }
}
