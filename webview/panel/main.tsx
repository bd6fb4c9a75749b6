import { render } from "preact";
import "../elements.ts";
import "../theme/tokens.css";
import "../theme/page.css";
import "../theme/tables.css";
import "../theme/charts.css";
import "../theme/adapt.css";
import "../theme/print.css";
import "../theme/editor.css";
import "../theme/panel.css";
import "../theme/debug.css";
import type { HostMessage } from "../../src/core/panel/protocol.ts";
import { speak } from "../language.ts";
import { Chart } from "../charts/chartJs.ts";
import { HostRequests, type HostChannel } from "./host.ts";
import { PageState } from "./pageState.ts";
import { PanelModel } from "./panelModel.ts";
import { PanelPage } from "./PanelPage.tsx";

declare const acquireVsCodeApi: () => HostChannel;

const channel = acquireVsCodeApi();
const requests = new HostRequests(channel);
const state = new PageState(channel);
const model = new PanelModel();
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

addEventListener("message", ({ data: message }: MessageEvent<HostMessage>) => {
  if (message.kind === "reply" || message.kind === "refusal") requests.settle(message);
  else {
    if (message.kind === "open") {
      clearInterval(asking);
      speak(message.language, message.phrases);
      state.show(message.subject);
    }
    model.receive(message);
  }
});
const page = document.getElementById("page");
if (page) render(<PanelPage model={model} requests={requests} state={state} />, page);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the editor is no window of a browser
const sayReady = (): void => channel.postMessage({ kind: "ready" });
// Again until there is an answer: a window that is being restored may not listen yet.
const asking = setInterval(sayReady, 1000);
sayReady();
