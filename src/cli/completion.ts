import { sharedOptions } from "./arguments.ts";
import type { Command, Completes, Option } from "./command.ts";

/** Shells that completion scripts are written for. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** Writes the completion script of a shell from the table of commands. */
export function formatCompletion(shell: Shell, commands: readonly Command[]): string {
  switch (shell) {
    case "bash":
      return formatBash(commands);
    case "zsh":
      return formatZsh(commands);
    case "fish":
      return formatFish(commands);
  }
}

const listRuns = "loadfleet runs --format ids 2>/dev/null";

function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...sharedOptions];
}

function bashWords(
  completes: Completes | undefined,
  choices: readonly string[] | undefined,
  commands: readonly Command[],
): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word"))`;
  switch (completes) {
    case "files":
      return `COMPREPLY=($(compgen -f -- "$word"))`;
    case "folders":
      return `COMPREPLY=($(compgen -d -- "$word"))`;
    case "runs":
      return `COMPREPLY=($(compgen -W "last $(${listRuns})" -- "$word"))`;
    case "commands":
      return `COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word"))`;
    case "shells":
      return `COMPREPLY=($(compgen -W "${shells.join(" ")}" -- "$word"))`;
    case "nothing":
    case undefined:
      return "COMPREPLY=()";
  }
}

function formatBash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const values = command.options
      .filter(({ value }) => value !== undefined)
      .map(({ name, choices, completes }) => `      --${name}) ${bashWords(completes, choices, commands)}; return ;;`);
    const names = optionsOf(command).map(({ name }) => `--${name}`);
    return [
      `  ${command.name})`,
      ...(values.length === 0 ? [] : [`    case "$before" in`, ...values, "    esac"]),
      `    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "${names.join(" ")}" -- "$word"))`,
      `    else ${bashWords(command.operands.completes, undefined, commands)}; fi ;;`,
    ].join("\n");
  });
  return `# Completion of loadfleet for bash; load it with: source <(loadfleet completion bash)
_loadfleet() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -o filenames -F _loadfleet loadfleet
`;
}

function zshAction(
  completes: Completes | undefined,
  choices: readonly string[] | undefined,
  commands: readonly Command[],
): string {
  if (choices !== undefined) return `(${choices.join(" ")})`;
  switch (completes) {
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "runs":
      return `{compadd -- last \${(f)"$(${listRuns})"}}`;
    case "commands":
      return `(${commands.map(({ name }) => name).join(" ")})`;
    case "shells":
      return `(${shells.join(" ")})`;
    case "nothing":
    case undefined:
      return " ";
  }
}

// In an argument of _arguments a colon separates, brackets enclose, and all stand in single quotes.
function zshText(text: string): string {
  return text.replaceAll("'", "’").replace(/[[\]:]/g, "\\$&");
}

function formatZsh(commands: readonly Command[]): string {
  const names = commands.map(({ name, summary }) => `    '${name}:${zshText(summary)}'`);
  const cases = commands.map((command) => {
    const options = optionsOf(command).map(({ name, summary, value, choices, completes, isRepeatable }) => {
      const action = value === undefined ? "" : `:${value}:${zshAction(completes, choices, commands)}`;
      return `'${isRepeatable === true ? "*" : ""}--${name}[${zshText(summary)}]${action}'`;
    });
    const operands = `'*:${command.operands.usage || "nothing"}:${zshAction(command.operands.completes, undefined, commands)}'`;
    return `    ${command.name}) _arguments ${[...options, operands].join(" ")} ;;`;
  });
  return `#compdef loadfleet
# Completion of loadfleet for zsh; load it with: source <(loadfleet completion zsh)
_loadfleet() {
  local -a names
  names=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join("\n")}
  esac
}
compdef _loadfleet loadfleet
`;
}

function fishWords(
  completes: Completes | undefined,
  choices: readonly string[] | undefined,
  commands: readonly Command[],
): string {
  if (choices !== undefined) return ` -xa '${choices.join(" ")}'`;
  switch (completes) {
    case "files":
      return " -rF";
    case "folders":
      return " -xa '(__fish_complete_directories)'";
    case "runs":
      return ` -xa 'last (${listRuns})'`;
    case "commands":
      return ` -xa '${commands.map(({ name }) => name).join(" ")}'`;
    case "shells":
      return ` -xa '${shells.join(" ")}'`;
    case "nothing":
    case undefined:
      return " -x";
  }
}

function formatFish(commands: readonly Command[]): string {
  const text = (words: string): string => words.replaceAll("'", "\\'");
  const lines = commands.flatMap((command) => {
    const within = `complete -c loadfleet -n '__fish_seen_subcommand_from ${command.name}'`;
    const options = optionsOf(command).map(({ name, summary, value, choices, completes }) => {
      const words = value === undefined ? "" : fishWords(completes, choices, commands);
      return `${within} -l ${name} -d '${text(summary)}'${words}`;
    });
    return [
      `complete -c loadfleet -n __fish_use_subcommand -xa ${command.name} -d '${text(command.summary)}'`,
      `${within}${fishWords(command.operands.completes, undefined, commands)}`,
      ...options,
    ];
  });
  return `# Completion of loadfleet for fish; load it with: loadfleet completion fish | source\n${lines.join("\n")}\n`;
}
