import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount, formatMs, formatPercent } from "../../src/core/results/figures.ts";
import type { ResultFigures } from "../../src/core/results/result.ts";
import { readColors } from "../charts/colors.ts";
import { drawBars, drawCurve } from "../charts/distributionCharts.ts";
import { t } from "../language.ts";
import { DataTable } from "./DataTable.tsx";
import { distributionOf, type Distribution } from "./distribution.ts";
import { labelName } from "./labels.ts";
import { describeDistribution } from "./summaries.ts";

export interface DistributionViewProps {
  readonly label: string;
  readonly figures: ResultFigures;
  readonly colorsKey: string;
}

/** How response times are distributed, from the merged histogram: bars, and the percentile curve. */
export function DistributionView({ label, figures, colorsKey }: DistributionViewProps) {
  const distribution = useMemo(() => distributionOf(figures.histogram), [figures]);
  const [isTable, setTable] = useState(false);
  return (
    <section class="distribution" aria-labelledby="distribution-heading">
      <div class="chart-head">
        <h2 id="distribution-heading">
          {t("Distribution of response times")} <span class="muted">{labelName(label)}</span>
        </h2>
        <p>{describeDistribution(figures)}</p>
        <div class="chart-actions screen-only">
          <vscode-button secondary aria-expanded={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? t("Hide table") : t("Show table")}
            <span class="unseen"> {t("of the distribution")}</span>
          </vscode-button>
        </div>
      </div>
      {distribution.count > 0 && (
        <Charts distribution={distribution} summary={describeDistribution(figures)} colorsKey={colorsKey} />
      )}
      {isTable && <Tables distribution={distribution} />}
    </section>
  );
}

interface ChartsProps {
  readonly distribution: Distribution;
  readonly summary: string;
  readonly colorsKey: string;
}

function Charts({ distribution, summary, colorsKey }: ChartsProps) {
  const bars = useRef<HTMLCanvasElement>(null);
  const curve = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (!bars.current || !curve.current) return;
    const colors = readColors();
    const formats = { time: formatMs, count: formatCount };
    const charts = [
      drawBars(bars.current, distribution.bars, colors, formats),
      drawCurve(curve.current, distribution, colors, formats),
    ];
    return () => {
      for (const chart of charts) chart.destroy();
    };
  }, [distribution, colorsKey]);
  return (
    <div class="pair">
      <figure>
        <figcaption>{t("Requests by response time")}</figcaption>
        <div class="canvas">
          <canvas ref={bars} role="img" aria-label={`${t("Requests by response time")}. ${summary}`} />
        </div>
      </figure>
      <figure>
        <figcaption>{t("Response time by percentile")}</figcaption>
        <div class="canvas">
          <canvas ref={curve} role="img" aria-label={`${t("Response time by percentile")}. ${summary}`} />
        </div>
      </figure>
    </div>
  );
}

function Tables({ distribution: { bars, curve, count } }: { readonly distribution: Distribution }) {
  return (
    <div class="pair">
      <DataTable
        caption={t("Requests by response time")}
        columns={[t("From"), t("Up to"), t("Requests"), t("Share")]}
        rowCount={bars.length}
        rowAt={(index) => {
          const { fromMs = 0, toMs = 0, count: inBar = 0 } = bars[index] ?? {};
          return [formatMs(fromMs), formatMs(toMs), formatCount(inBar), formatPercent(inBar / count)];
        }}
      />
      <DataTable
        caption={t("Response time by percentile")}
        columns={[t("Percentile"), t("Response time at most")]}
        rowCount={curve.length}
        rowAt={(index) => {
          const { percentile = 0, ms = 0 } = curve[index] ?? {};
          return [`p${percentile}`, formatMs(ms)];
        }}
      />
    </div>
  );
}
