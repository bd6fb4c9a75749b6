import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/**
 * A program of its own: answers every request at once with 200 bytes of JSON, with next to no work, so that a load
 * generator is measured and not this. Prints its port; ends when its standard input does.
 */
const json = JSON.stringify({ token: "t-0123456789", id: 42, name: "lamp", text: "" });
const body = json.replace('"text":""', `"text":"${"x".repeat(200 - json.length)}"`);
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    for (let at = chunk.indexOf("\r\n\r\n"); at >= 0; at = chunk.indexOf("\r\n\r\n", at + 4)) socket.write(answer);
  });
});
server.listen(0, "127.0.0.1", () => console.log(String((server.address() as AddressInfo).port)));
process.stdin.on("end", () => process.exit(0)).resume();
