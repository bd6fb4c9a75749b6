import type { Subject } from "../../core/scenario/model.ts";
import type { ReceivedResponse } from "../http/response.ts";

/** Picks the part of a response in which an extractor or an assertion looks. */
export function subjectText(response: ReceivedResponse, subject: Subject): string {
  switch (subject) {
    case "body":
      return response.text;
    case "headers":
      return response.headerText;
    case "http-code":
      return response.status === 0 ? "" : String(response.status);
    case "url":
      return response.url;
    case "message":
      return response.statusText;
  }
}
