import { useState } from "preact/hooks";
import { errorMessage, type ErrorMessage } from "../../src/core/errors.ts";
import type { PanelRequest } from "../../src/core/panel/protocol.ts";
import { t } from "../language.ts";
import type { HostRequests } from "./host.ts";

/** What a person's last request came to, and how to make the next. */
export interface Actions {
  /** Why the last request was refused. */
  readonly failure: ErrorMessage | undefined;
  /** What it brought about, when that is worth saying. */
  readonly note: string;
  readonly act: (request: PanelRequest) => void;
}

/** Sends requests for which a person waits, and tells how the last one went. */
export function useActions(requests: HostRequests): Actions {
  const [failure, setFailure] = useState<ErrorMessage>();
  const [note, setNote] = useState("");
  const send = async (request: PanelRequest): Promise<void> => {
    setFailure(undefined);
    setNote("");
    try {
      const reply = await requests.send(request);
      if (reply !== null && "path" in reply && reply.path !== null) setNote(t("Written to {0}.", reply.path));
    } catch (error) {
      setFailure(errorMessage(error));
    }
  };
  return { failure, note, act: (request) => void send(request) };
}
