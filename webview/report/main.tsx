import "../elements.ts";
import "../theme/tokens.css";
import "../theme/elements.css";
import "../theme/page.css";
import "../theme/tables.css";
import "../theme/charts.css";
import "../theme/adapt.css";
import "../theme/print.css";
import { embeddedSource } from "./embedded.ts";
import { showReport } from "./Report.tsx";

const page = document.getElementById("page");
if (page) void showReport(page, embeddedSource("result"), new AbortController().signal);
