import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import type { HTMLAttributes } from "preact";

declare module "preact" {
  namespace JSX {
    /** The elements of vscode-elements that the pages use. */
    interface IntrinsicElements {
      "vscode-badge": HTMLAttributes<HTMLElement> & { variant?: "default" | "counter" };
      "vscode-button": HTMLAttributes<HTMLElement> & { secondary?: boolean; disabled?: boolean };
      "vscode-textfield": HTMLAttributes<HTMLElement> & {
        label?: string;
        value?: string;
        type?: "search";
        placeholder?: string;
      };
    }
  }
}
