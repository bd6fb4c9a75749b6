import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale);
Chart.register(LineController, LineElement, LogarithmicScale, PointElement);
Chart.defaults.font.family = "system-ui, sans-serif";

/** Chart.js with the parts that our charts use, and no others. */
export { Chart };
