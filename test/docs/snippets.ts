import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..', '..')

/** A piece of code that a reader may copy, and where it stands. */
export interface Snippet {
  /** `README.md:41` */
  readonly place: string
  readonly code: string
  /** False for code that is shown and cannot run here, marked by ```` ```ts no-run ````, or `// not run: reason` in an example. */
  readonly runs: boolean
  /** The one line of a verb of the tree, whose identifiers are made up: it compiles, and another test makes its plan. */
  readonly generated?: true
}

/** The `ts` blocks of a page. */
export function snippetsOfPage(path: string): Snippet[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/^```(?:ts|typescript)([^\n]*)\n([\s\S]*?)^```/gm)].map((match) => ({
    place: `${relative(root, path)}:${lineAt(text, match.index) + 1}`,
    code: match[2] ?? '',
    runs: !/\bno-run\b/.test(match[1] ?? ''),
  }))
}

/** The `@example` of every comment in a declaration file, so in what an editor shows. */
export function examplesOf(path: string): Snippet[] {
  const text = readFileSync(path, 'utf8')
  const snippets: Snippet[] = []
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const lines = comment[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, '')
    for (const example of lines.matchAll(/(?<=^\s*|\n\s*)@example(?![.\w])[ \t]*([\s\S]*?)(?=\n\s*@[a-z]|$)/g)) {
      const code = (example[1] ?? '').replace(/^\s*```(?:ts)?\n?|```\s*$/g, '').trim()
      const line = lineAt(text, comment.index + comment[0].length)
      const generated = /^\s*(GET|POST|PUT|PATCH|DELETE) \//.test(lines)
      const runs = !generated && !/^\s*\/\/ not run:/m.test(code)
      snippets.push({ place: `${relative(root, path)}:${line}`, code, runs, ...(generated && { generated }) })
    }
  }
  return snippets
}

/** The pages that a reader meets: README, CONTRIBUTING and all of docs/. */
export function pages(): string[] {
  const folder = join(root, 'docs')
  return [
    join(root, 'README.md'),
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => join(folder, name)),
  ]
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** What examples may use without saying where it comes from. */
const given: Readonly<Record<string, { readonly type: string; readonly value: string }>> = {
  tenant: { type: "import('tenantlab/sandbox').Sandbox", value: 'given.tenant' },
  auth0: { type: "import('tenantlab').Session", value: 'given.auth0' },
  user: { type: "import('tenantlab/sandbox').Sandbox['seed']['users'][number]", value: 'given.tenant.seed.users[1]' },
  token: { type: 'string', value: 'given.mfaToken' },
  mfaToken: { type: 'string', value: 'given.mfaToken' },
}

/**
 * The snippet as a module: what it uses and does not declare is given by the embedded tenant.
 *
 * @param exported What each entry exports; examples of declarations may use it without an import.
 */
export function moduleOf(
  { code, place }: Snippet,
  mode: 'types' | 'run',
  exported: ReadonlyMap<string, readonly string[]>,
): string {
  const spoken = code.replace(/^\s*\/\/.*$/gm, '')
  const uses = (name: string) => new RegExp(`(?<![\\w]|[^.]\\.)${name}\\b(?!\\s*:)`).test(spoken)
  const declares = (name: string) =>
    new RegExp(`\\b(?:const|let|import)\\b(?:(?! of )[^\\n=])*\\b${name}\\b`).test(code)
  const shown = place.startsWith('dist/')
  // The stage `token` is meant where declarations say so.
  const wanted = Object.entries(given).filter(([name]) => uses(name) && !declares(name) && !(shown && name === 'token'))
  const lines = wanted.map(([name, { type, value }]) =>
    mode === 'types' ? `declare const ${name}: ${type}` : `const ${name} = ${value}`,
  )
  // A hover shows an example beside its function, where an import line would be noise.
  for (const [entry, names] of shown ? exported : []) {
    const used = names.filter((name) => uses(name) && !declares(name))
    if (used.length > 0) lines.unshift(`import { ${used.join(', ')} } from '${entry}'`)
  }
  const start = mode === 'run' ? "import { given } from './given.mjs'\n" : ''
  return `${start}${lines.join('; ')}\n${code}\nexport {}\n`
}
