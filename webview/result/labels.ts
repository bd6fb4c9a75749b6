import { t } from "../language.ts";

/** Name of a label for people: the empty one stands for all requests. */
export function labelName(label: string): string {
  return label === "" ? t("All requests") : label;
}
