import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorMessage, type ErrorMessage } from "../../src/core/errors.ts";
import type { PanelRequest } from "../../src/core/panel/protocol.ts";
import { Callout } from "../panel/Callout.tsx";
import type { HostRequests } from "../panel/host.ts";
import { t } from "../language.ts";

const pollMs = 1000;
/** Letters that are kept of a log; the whole of it is a click away. */
const mostLetters = 256 * 1024;

export interface TaskLogProps {
  readonly task: number;
  /** Whether the log may still grow. */
  readonly isActive: boolean;
  readonly requests: HostRequests;
  readonly onRequest: (request: PanelRequest) => void;
}

/** The end of a task's log; it goes on as long as the run does, and stays where a person has scrolled to. */
export function TaskLog({ task, isActive, requests, onRequest }: TaskLogProps) {
  const [text, setText] = useState("");
  const [failure, setFailure] = useState<ErrorMessage>();
  const nextRef = useRef<number>(undefined);
  const frameRef = useRef<HTMLPreElement>(null);
  const isAtEndRef = useRef(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const from = nextRef.current;
        const tail = await requests.send<"read-log">({
          kind: "read-log",
          task,
          ...(from === undefined ? {} : { from }),
        });
        if (isOver) return;
        nextRef.current = tail.next;
        setFailure(undefined);
        setText((before) => (before + tail.text).slice(-mostLetters));
      } catch (error) {
        if (isOver) return;
        setFailure(errorMessage(error));
      }
      if (isActive) timer = setTimeout(() => void read(), pollMs);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [task, isActive, requests]);
  useLayoutEffect(() => {
    if (frameRef.current && isAtEndRef.current) frameRef.current.scrollTop = frameRef.current.scrollHeight;
  }, [text]);
  const watchScroll = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: {
    currentTarget: HTMLElement;
  }) => {
    isAtEndRef.current = scrollTop + clientHeight >= scrollHeight - 8;
  };
  return (
    <section class="log" aria-labelledby="log-heading">
      <div class="section-head">
        <h3 id="log-heading">{t("Log of task {0}", task)}</h3>
        <span class="actions">
          <vscode-button
            secondary
            disabled={text === ""}
            onClick={() => onRequest({ kind: "open-text", text, language: "log" })}
          >
            {t("Open in editor")}
          </vscode-button>
        </span>
      </div>
      <Callout failure={failure} />
      <pre
        ref={frameRef}
        class="text"
        role="region"
        aria-label={t("Text of the log of task {0}", task)}
        tabIndex={0}
        onScroll={watchScroll}
      >
        {text === "" && !failure ? t("The log is empty so far.") : text}
      </pre>
    </section>
  );
}
