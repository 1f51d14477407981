import { scan } from '../code/index.ts'
import { SECRET_MARK } from '../plan/index.ts'

/** A statement of this console, its secrets cut, and what came of it. */
export interface Typed {
  readonly text: string
  readonly status: 'ok' | 'failed' | 'cancelled'
  /** Whether it showed a plan or flow, which `.run` sends then. */
  readonly plan: boolean
}

/** A script, and what it does not hold. */
interface SavedScript {
  readonly code: string
  /** One sentence for each statement that is left out. */
  readonly left: readonly string[]
}

/** What a console has without an import, by the entry that a script imports it from. */
export const IMPORTED: Readonly<Record<string, readonly string[]>> = {
  tenantlab: `AbortedError ApiError ConfigurationError IdTokenError MfaRequiredError MissingSecretError NetworkError
    QuotaExceededError RateLimitError ScopeError TenantlabError TimeoutError ValidationError WriteDeniedError all chart
    clientCredentials connect follow isTenantlabError planFrom reveal secret show version watch`.split(/\s+/),
  'tenantlab/runbook': `DecisionError DriftError Redactor defineRunbook doneWhen fileJournal liveReport loadRunbook
    memoryJournal readAudit readJournal readPlanFile restore runRunbook settleRun undoRun waitFor waitUntil`.split(
    /\s+/,
  ),
}
/** Names that only a console has. */
const CONSOLE = ['_', '_error', 'Out', 'tenant']
/** Commands that change nothing that a script could do. */
const LOOKS =
  /^(?:\.(?:explain|diff|curl|scopes|limits|changes|find|history|help|json|csv|out|timing|pager|save|exit)\b|help$|exit$|quit$|it$)/
const NO_EXPRESSION =
  /^(?:const|let|var|function|class|import|export|if|for|while|do|switch|try|throw|async function)\b/

/** Statements as a script for `tenantlab run`: secrets are asked for by name, and what `.run` sent is sent. */
export function scriptOf(typed: readonly Typed[]): SavedScript {
  const lines: string[] = []
  const imports: string[] = []
  const secrets = new Map<string, string>()
  const left: string[] = []
  const declared = new Set<string>()
  let shown: { readonly text: string; readonly line: string } | undefined
  for (const { text, status, plan } of typed) {
    const leave = (why: string): void => void left.push(`Left out: ${firstLine(text)} (${why}).`)
    if (text === '.run' || text === '.events') {
      if (status !== 'ok') leave('it failed')
      else if (shown === undefined) leave('what it sent stands in no statement here')
      else {
        if (lines.at(-1) === shown.line) lines.pop()
        lines.push(`await (${shown.text}).run()`)
      }
      continue
    }
    if (plan) shown = undefined
    if (LOOKS.test(text)) continue
    if (text.startsWith('.')) {
      leave('a command of the console')
      continue
    }
    if (status !== 'ok') {
      leave(status === 'failed' ? 'it failed' : 'it was cancelled')
      continue
    }
    const named = withNamedSecrets(text, secrets)
    const own = wordsOf(named).find((word) => CONSOLE.includes(word) && !declared.has(word))
    if (named.includes(SECRET_MARK)) leave('a secret stands within a longer text')
    else if (own !== undefined) leave(`only the console has ${own}`)
    else if (/^import\b/.test(named)) imports.push(named)
    else {
      const [, name] = /^(?:const|let|var)\s+([\w$]+)/.exec(named) ?? []
      const again = name !== undefined && declared.has(name)
      if (name !== undefined) declared.add(name)
      const line = again
        ? named.replace(/^(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=/, '$1 =')
        : named.replace(/^const(?=\s+[\w$])/, redeclared(typed, name) ? 'let' : 'const')
      lines.push(line)
      const expression = named.replace(/;\s*$/, '')
      if (plan && !NO_EXPRESSION.test(expression) && !hasSeveral(expression)) shown = { text: expression, line }
    }
  }
  return { code: fileOf(lines, imports, secrets, declared), left }
}

function fileOf(
  lines: readonly string[],
  imports: readonly string[],
  secrets: ReadonlyMap<string, string>,
  declared: ReadonlySet<string>,
): string {
  const taken = new Set([...declared, ...imports.flatMap(wordsOf)])
  const used = new Set(lines.flatMap(wordsOf).filter((word) => !taken.has(word)))
  const own = Object.entries(IMPORTED).flatMap(([entry, words]) => {
    const names = words.filter((name) => used.has(name) || (name === 'secret' && secrets.size > 0))
    if (entry === 'tenantlab') names.push('type Session')
    return names.length === 0 ? [] : [`import { ${names.join(', ')} } from '${entry}'`]
  })
  const asked = [...secrets].map(([constant, variable]) => `const ${constant} = (await secret('${variable}')).reveal()`)
  return [
    ...own,
    ...imports,
    '',
    'export default async ({ auth0 }: { auth0: Session }) => {',
    ...[...asked, ...lines],
    '}',
    '',
  ].join('\n')
}

/** Each secret has a name of its own: two that were cut may differ. */
function withNamedSecrets(text: string, secrets: Map<string, string>): string {
  return text
    .replaceAll(`// ${SECRET_MARK}`, '')
    .replaceAll(`/* ${SECRET_MARK} */`, '')
    .replace(new RegExp(`(['"\`])${SECRET_MARK}\\1`, 'g'), (_, __, at: number) => {
      const [, key = 'secret'] = /([\w$]+)['"]?\s*[:=]\s*$/.exec(text.slice(0, at)) ?? []
      const base = key
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .replaceAll('$', '_')
        .toUpperCase()
      let variable = base
      for (let number = 2; secrets.has(`SECRET_${variable}`); number += 1) variable = `${base}_${number}`
      secrets.set(`SECRET_${variable}`, variable)
      return `SECRET_${variable}`
    })
}

function redeclared(typed: readonly Typed[], name: string | undefined): boolean {
  if (name === undefined) return false
  return typed.filter(({ text }) => /^(?:const|let|var)\s+([\w$]+)/.exec(text)?.[1] === name).length > 1
}

function wordsOf(text: string): readonly string[] {
  const { tokens } = scan(text)
  return tokens.flatMap(({ kind, text: word }, at) =>
    kind === 'word' && !/^\??\.$/.test(tokens[at - 1]?.text ?? '') ? [word] : [],
  )
}

function hasSeveral(text: string): boolean {
  return scan(text).tokens.some(({ text: mark, depth, kind }) => kind === 'mark' && mark === ';' && depth === 0)
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
