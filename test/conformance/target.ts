import { gzipSync } from "node:zlib";
import { type Answer, answerJson } from "../servers/testServer.ts";

const page = `<!DOCTYPE html><html><head><title>Shop</title><link rel="stylesheet" href="/style.css">
<script src="/app.js"></script></head><body><img src="logo.png"><img src="/logo.png">
<a class="item" href="/item/1">One</a><a class="item" href="/item/2">Two</a>
<input name="csrf" value="c-99"></body></html>`;
const xml = `<?xml version="1.0"?><orders xmlns="urn:x"><order id="5"><name>lamp</name></order><order id="6"/></orders>`;

/** What the target of the conformance suite answers; every other path is `200 ok`. */
export const answerConformance: Answer = ({ url }, response) => {
  const { pathname, searchParams } = new URL(url, "http://target");
  switch (pathname) {
    case "/json":
      answerJson(response, { id: 7, token: "t-1", items: [{ n: "a" }, { n: "b" }, { n: "c" }], none: null });
      return;
    case "/html":
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
      return;
    case "/xml":
      response.writeHead(200, { "content-type": "application/xml" }).end(xml);
      return;
    case "/gzip":
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync('{"packed":"yes"}'));
      return;
    case "/cookie":
      response.writeHead(200, { "set-cookie": searchParams.getAll("set"), "content-type": "text/plain" }).end("set");
      return;
    case "/redirect":
      response.writeHead(Number(searchParams.get("status")), { location: searchParams.get("to") ?? "/" }).end();
      return;
    case "/status":
      response.writeHead(Number(searchParams.get("code"))).end("status");
      return;
    default:
      response.writeHead(200, { "content-type": "text/plain", "x-trace": "trace-5" }).end("ok");
  }
};
