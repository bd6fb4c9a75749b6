import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { ResultSeries, RunResult } from "../../src/core/results/result.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { Icon } from "../result/icons.tsx";
import { useKept } from "../result/kept.ts";
import { t } from "../language.ts";
import { ReadingView } from "./ReadingView.tsx";
import { readReplay } from "./replay.ts";

const speeds = [1, 2, 5, 10, 30, 60, 120];
const jumpShare = 0.05;

export interface ReplayViewProps {
  readonly result: RunResult;
  readonly series: ResultSeries;
  readonly colorsKey: string;
}

/** A past run over time: play, pause, speed, and any instant by the slider. */
export function ReplayView({ result, series, colorsKey }: ReplayViewProps) {
  const [label, setLabel] = useKept("label", "");
  const replay = useReplay(series);
  const rules = useMemo(
    () => result.verdict.rules.map((rule) => ({ ...rule, ...stateAt(rule.atSecond, replay.second) })),
    [result, replay.second],
  );
  const reading = useMemo(() => readReplay(series, label, replay.buckets), [series, label, replay.buckets]);
  return (
    <>
      <Controls replay={replay} />
      <ReadingView
        reading={reading}
        label={label}
        onPick={setLabel}
        executions={result.plan.executions}
        leastSeconds={series.buckets * series.bucketSeconds}
        rules={rules}
        startAtMs={result.startAtMs}
        colorsKey={colorsKey}
      />
    </>
  );
}

/** A rule about the whole run is decided at its end; a windowed one shows as broken from the second at which it broke. */
function stateAt(atSecond: number | null, second: number) {
  if (atSecond !== null && atSecond <= second) return {};
  return { status: "not judged", atSecond: null } as const;
}

interface Replay {
  /** Seconds of the run that have been shown. */
  readonly second: number;
  readonly end: number;
  /** Buckets that have been shown whole. */
  readonly buckets: number;
  readonly bucketSeconds: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly toggle: () => void;
  readonly seek: (second: number) => void;
  readonly setSpeed: (speed: number) => void;
}

function useReplay({ buckets, bucketSeconds }: ResultSeries): Replay {
  const end = buckets * bucketSeconds;
  const [kept, keep] = useKept("replay.second", 0);
  const [speed, setSpeed] = useKept("replay.speed", end > 600 ? 60 : 10);
  const [second, setSecond] = useState(Math.min(kept, end));
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    let frame = 0;
    const step = (now: number): void => {
      const passed = ((now - last) / 1000) * speed;
      last = now;
      setSecond((before) => Math.min(before + passed, end));
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, end]);
  useLayoutEffect(() => {
    if (!isPlaying) keep(Math.floor(second));
    else if (second >= end) setPlaying(false);
  }, [isPlaying, second, end, keep]);
  const seek = (to: number): void => {
    setPlaying(false);
    setSecond(Math.min(Math.max(to, 0), end));
  };
  const toggle = (): void => {
    if (!isPlaying && second >= end) setSecond(0);
    setPlaying(!isPlaying);
  };
  return {
    second,
    end,
    buckets: Math.floor(second / bucketSeconds),
    bucketSeconds,
    isPlaying,
    speed,
    toggle,
    seek,
    setSpeed,
  };
}

function Controls({ replay }: { readonly replay: Replay }) {
  const { second, end, bucketSeconds, isPlaying, speed, toggle, seek, setSpeed } = replay;
  const position = t("{0} of {1}|times", formatElapsed(second), formatElapsed(end));
  const byKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const jump = Math.max(end * jumpShare, bucketSeconds);
    const actions: Readonly<Record<string, () => void>> = {
      k: toggle,
      j: () => seek(second - jump),
      l: () => seek(second + jump),
    };
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  };
  return (
    <div class="replay" role="group" aria-label={t("Replay")}>
      <vscode-button aria-keyshortcuts="k j l" onClick={toggle} onKeyDown={byKey}>
        <span slot="content-before">
          <Icon name={isPlaying ? "pause" : "play"} />
        </span>
        {isPlaying ? t("Pause") : t("Play")}
      </vscode-button>
      <label class="unseen" htmlFor="replay-instant">
        {t("Instant of the replay")}
      </label>
      <input
        id="replay-instant"
        type="range"
        min={0}
        max={end}
        step={bucketSeconds}
        value={second}
        aria-valuetext={position}
        aria-keyshortcuts="k j l"
        onKeyDown={byKey}
        onInput={(event) => seek(event.currentTarget.valueAsNumber)}
      />
      <output class="span">{position}</output>
      <label class="picker">
        {t("Speed")}
        <select value={String(speed)} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
          {speeds.map((one) => (
            <option key={one} value={String(one)}>
              {one}×
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
