import type { Parameter } from './parameters.ts'

/** A flag as the help writes it, and what it is for. */
export interface HelpEntry {
  readonly flag: string
  readonly text: string
}

/** What `--help` says of parameters. */
export function parameterHelp(parameters: readonly Parameter[]): readonly HelpEntry[] {
  return parameters.map((parameter) => {
    const { required, description, choices, fallback, variable, secret } = parameter
    const notes = [
      ...(description === undefined ? [] : [description]),
      ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
      ...(required
        ? ['required']
        : fallback === undefined || secret
          ? []
          : [`${JSON.stringify(fallback)} unless given`]),
      `or ${variable}`,
    ]
    return { flag: parameterFlag(parameter), text: notes.join('; ') }
  })
}

/** `--per-day NUMBER` */
export function parameterFlag({ flag, type }: Parameter): string {
  return `--${flag}${type === 'boolean' ? '' : ` ${type.toUpperCase()}`}`
}
