import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const ROOMS = ['display', 'notebook', 'lab']
const WORDS = /\b(?:await secret|show|chart|follow|watch|connect|reveal|lab|auth0(?:\.\w+)+)\(/g

/** An expression that a message tells a reader to write. */
interface Advice {
  readonly place: string
  readonly code: string
}

/** Texts of a file: what stands in quotes, comments left out. */
function textsOf(path: string): readonly string[] {
  const texts: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text)
    // What is put into a text is a name of the reader's.
    if (ts.isTemplateExpression(node)) {
      texts.push(node.head.text + node.templateSpans.map(({ literal }) => `name${literal.text}`).join(''))
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true))
  return texts
}

/** Calls that a text names, with all that stands between their brackets; `show(): …` only says who speaks. */
function callsIn(text: string): readonly string[] {
  return [...text.matchAll(WORDS)].flatMap(({ index, 0: word }) => {
    let depth = 0
    for (let at = index + word.length - 1; at < text.length; at += 1) {
      if (text[at] === '(') depth += 1
      if (text[at] === ')') depth -= 1
      if (depth > 0) continue
      const code = text.slice(index, at + 1)
      return /^\w+\(\)$/.test(code) || text.startsWith('import ') ? [] : [code]
    }
    return []
  })
}

function adviceOf(rooms: readonly string[]): readonly Advice[] {
  return rooms.flatMap((room) => {
    const folder = join(root, 'src', room)
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const path = join(folder, name)
        return textsOf(path).flatMap((text) => callsIn(text).map((code) => ({ place: relative(root, path), code })))
      })
  })
}

const GIVEN = `import { chart, connect, follow, reveal, show, watch, type Session } from 'tenantlab'
import { lab } from 'tenantlab/sandbox'
declare const auth0: Session
declare const [values, rows, run, other, value, name, code, domain, customDomain, plan, user]: any[]
declare function secret(name: string): Promise<string>
`

/** What the compiler says of each expression, by its place. */
function faultsOf(advice: readonly Advice[]): readonly string[] {
  const folder = mkdtempSync(join(root, 'test', 'display', 'advice-'))
  try {
    const path = join(folder, 'advice.ts')
    const line = GIVEN.split('\n').length
    writeFileSync(
      path,
      `${GIVEN}${advice.map(({ code }) => `void (async () => ${code.replaceAll('\n', ' ')})`).join('\n')}\n`,
    )
    const program = ts.createProgram([path], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    })
    const file = program.getSourceFile(path)
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) => {
        const at = advice[(file?.getLineAndCharacterOfPosition(start).line ?? 0) - line + 1]
        return `${at?.place}: ${at?.code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it('N7 every expression that a message of displays, notebooks and lab() advises compiles', () => {
  const advice = adviceOf(ROOMS)
  expect(advice.length).toBeGreaterThan(10)
  expect(faultsOf(advice)).toEqual([])
})

it.each([
  ['chart(values, { time, fields })', 'time'],
  ["show(rows, { column: ['email'] })", 'column'],
  ['auth0.users.lst()', 'lst'],
])('N7 finds what does not: %s', (code, word) => {
  expect(faultsOf([{ place: 'here', code }]).join()).toContain(word)
})
