/** Options of other tools, and what is written here. */
const CALLED: Readonly<Record<string, string>> = {
  'dry-run': 'check',
  dryrun: 'check',
  'what-if': 'check',
  whatif: 'check',
  noop: 'check',
  preview: 'check',
  'auto-approve': 'yes',
  'assume-yes': 'yes',
  'no-input': 'yes',
  'non-interactive': 'yes',
  y: 'yes',
  n: 'check',
  domain: 'tenant',
  workspace: 'tenant',
  parallelism: 'max-rate',
  target: 'only',
  'var-file': 'params',
  format: 'json',
}

/** Commands that have an option which others lack. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  users: ['sandbox', 'repl'],
  days: ['sandbox', 'repl'],
  seed: ['sandbox'],
  port: ['sandbox'],
  follow: ['logs'],
  resume: ['run', 'apply'],
  check: ['run', 'undo'],
  list: ['undo', 'tour'],
  prune: ['undo'],
  csv: ['repl'],
  eval: ['repl'],
  force: ['run', 'plan', 'apply', 'init'],
}

/**
 * What is said of an option that a command does not have.
 *
 * @param name of the option, without dashes.
 * @param command that lacks it.
 * @param names of the options that it has.
 * @returns `Write --check.`; nothing where the name is not known from elsewhere.
 */
export function fromElsewhere(name: string, command: string, names: readonly string[]): string | undefined {
  const here = Object.hasOwn(CALLED, name) ? CALLED[name] : undefined
  if (here !== undefined && names.includes(here)) return `Write --${here}.`
  const others = Object.hasOwn(ELSEWHERE, name) ? (ELSEWHERE[name] ?? []).filter((other) => other !== command) : []
  if (others.length === 0) return undefined
  const commands = others.map((other) => `tenantlab ${other}`)
  const last = commands.pop()
  const said = commands.length === 0 ? `${last} has it` : `${commands.join(', ')} and ${last} have it`
  return `${said}. See tenantlab help ${command}.`
}
