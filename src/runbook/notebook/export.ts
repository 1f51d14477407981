import { basename } from 'node:path'
import { cellsOf } from './script.ts'

/**
 * A runbook made of a notebook: its prose as comments, its code as steps. `await plan.run()` becomes `yield* step(…)`, so
 * that each request is planned, journalled and resumed; the session comes from the run instead of the notebook.
 *
 * @param notebook text of the `.ipynb` file.
 * @param file its name.
 * @returns TypeScript; what a runbook has not, such as the sandbox of a lab, is named at the top.
 */
export function exportNotebook(notebook: string, file: string): string {
  const cells = cellsOf(notebook, file)
  const imports: string[] = []
  const ids = new Set<string>()
  const body: string[] = []
  for (const { kind, text } of cells) {
    if (kind === 'prose') {
      body.push(
        text
          .split('\n')
          .map((line) => `// ${line}`.trimEnd())
          .join('\n'),
      )
      continue
    }
    const code = steps(withoutSession(takeImports(text, imports)), ids).trim()
    if (code !== '') body.push(code)
  }
  const code = body.join('\n\n')
  const name = basename(file)
    .replace(/\.ipynb$/, '')
    .replace(/[^\w.-]+/g, '-')
  const notes = /\btenant\./.test(code)
    ? ['// The notebook reads the sandbox behind its lab as `tenant`; a runbook has none. Take those lines out.']
    : []
  const kept = imports
    .filter((line) => !/\bfrom\s*['"]tenantlab(?:\/sandbox)?['"]/.test(line))
    .map((line) => line.trim())
  const main = importedNames(imports, 'tenantlab').filter((each) => each !== 'connect' && isUsed(each, code))
  return [
    ...(main.length > 0 ? [`import { ${[...new Set(main)].join(', ')} } from 'tenantlab'`] : []),
    "import { defineRunbook } from 'tenantlab/runbook'",
    ...new Set(kept),
    '',
    `// Made of ${basename(file)}. Give writes an undo and, where they create something, an idempotencyCheck.`,
    ...notes,
    'export default defineRunbook({',
    `  name: '${name}',`,
    '  async *steps({ auth0, step }) {',
    code
      .split('\n')
      .map((line) => (line === '' ? '' : `    ${line}`))
      .join('\n'),
    '  },',
    '})',
    '',
  ].join('\n')
}

function isUsed(name: string, code: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code)
}

function takeImports(code: string, imports: string[]): string {
  return code.replace(/^import\s[^;]*?from\s*['"][^'"]+['"];?[ \t]*$/gm, (line) => {
    imports.push(line)
    return ''
  })
}

function importedNames(imports: readonly string[], from: string): readonly string[] {
  return imports
    .filter((line) => new RegExp(`from\\s*['"]${from}['"]`).test(line) && !/^import\s+type/.test(line))
    .flatMap((line) => /\{([^}]*)\}/.exec(line)?.[1]?.split(',') ?? [])
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** The session of a runbook is given; what opened and ended the notebook's own is left out. */
function withoutSession(code: string): string {
  return code
    .replace(/^(?:const|let|var)\s+(?:\{[^}]*\}|\w+)\s*=\s*(?:await\s+lab|connect)\([^\n]*\)\s*;?[ \t]*$/gm, '')
    .replace(/^undo\((.*)\)[ \t]*;?[ \t]*$/gm, '// The notebook took this back with: $1')
    .replace(/^(?:console\.log\()?await\s+(?:\w+\.)?finish\(\)\)?\s*;?[ \t]*$/gm, '')
}

/** `await plan.run()` → `yield* step('plan', plan)`. */
function steps(code: string, ids: Set<string>): string {
  let result = ''
  let at = 0
  for (;;) {
    const found = /\bawait\s+/g
    found.lastIndex = at
    const match = found.exec(code)
    if (match === null) return result + code.slice(at)
    const from = match.index + match[0].length
    const run = endOfPlan(code, from)
    if (run === undefined) {
      result += code.slice(at, from)
      at = from
      continue
    }
    const plan = code.slice(from, run.plan)
    const id = idFor(plan, ids)
    const call = `yield* step(${JSON.stringify(id).replace(/^"(.*)"$/, "'$1'")}, ${plan})`
    // yield* binds weaker than whatever follows it.
    const rest = code.slice(run.end)
    const grouped =
      /^\s*[.[?]|^\s*(?:\)|,)/.test(rest) || /[(,]\s*$/.test(code.slice(0, match.index)) ? `(${call})` : call
    result += code.slice(at, match.index) + grouped
    at = run.end
  }
}

/** Where the plan of `plan.run()` ends, and where its call does; nothing when the awaited expression is no such call. */
function endOfPlan(code: string, from: number): { plan: number; end: number } | undefined {
  let depth = 0
  for (let i = from; i < code.length; i += 1) {
    const c = code[i] as string
    if (c === "'" || c === '"' || c === '`') {
      i = endOfText(code, i)
      continue
    }
    if (depth === 0 && code.startsWith('.run()', i))
      return { plan: code.slice(from, i).trimEnd().length + from, end: i + 6 }
    if ('([{'.includes(c)) depth += 1
    else if (')]}'.includes(c)) {
      depth -= 1
      if (depth < 0) return undefined
    } else if (depth === 0 && (c === ';' || c === ',' || (c === '\n' && !/^\s*\./.test(code.slice(i + 1)))))
      return undefined
  }
  return undefined
}

function endOfText(code: string, from: number): number {
  const quote = code[from]
  for (let i = from + 1; i < code.length; i += 1) {
    if (code[i] === '\\') i += 1
    else if (code[i] === quote) return i
  }
  return code.length
}

/** A stable id by what the plan says: `clients.list`, and a number where several say the same. */
function idFor(plan: string, ids: Set<string>): string {
  const words = plan
    .replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '')
    .replace(/\s+/g, '')
    .replace(/^auth0\./, '')
    .replace(/[^\w.]/g, '')
  const base = words === '' ? 'step' : words
  let id = base
  for (let n = 2; ids.has(id); n += 1) id = `${base} ${n}`
  ids.add(id)
  return id
}
