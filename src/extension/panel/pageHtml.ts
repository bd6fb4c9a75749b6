import { randomBytes } from "node:crypto";
import { Uri, type Webview } from "vscode";

/** Folder of the built pages, the only one that a panel may read. */
export function pagesFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, "dist", "webview");
}

/** Writes the panel's page: one script by nonce, one style sheet, nothing from elsewhere. */
export function pageHtml(webview: Webview, extensionUri: Uri): string {
  const nonce = randomBytes(18).toString("base64");
  const addressOf = (name: string): string =>
    webview.asWebviewUri(Uri.joinPath(pagesFolder(extensionUri), name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    // The icons are a font inside the style sheet.
    `font-src ${webview.cspSource} data:`,
    `img-src ${webview.cspSource} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${addressOf("panel.css")}">
<title>Loadfleet</title>
</head>
<body>
<div id="page"></div>
<script nonce="${nonce}" src="${addressOf("panel.js")}"></script>
</body>
</html>
`;
}
