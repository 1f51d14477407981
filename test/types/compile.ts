import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type * as TypeScript from 'typescript'
import type { Cell } from './cells.ts'

export const root = resolve(import.meta.dirname, '..', '..')

/** What one compiler said about one cell. */
export interface Verdict {
  readonly errors: readonly string[]
  readonly instantiations: number
  /** Text that later cells are given in place of this one. */
  readonly declaration: string
}

/** tslab's own compiler: TypeScript 5.0.4 with its additions. */
export const tslab = createRequire(import.meta.url)('@tslab/typescript-for-tslab') as typeof TypeScript

// The package and the libraries are parsed once; only the cells differ between programs.
const parsed = new Map<string, TypeScript.SourceFile | undefined>()

/** Compiles cells one after another the way tslab does: not strict, Node10 resolution, later cells see declarations only. */
export function compileAsTslab(cells: readonly Cell[]): Map<string, Verdict> {
  const folder = join(root, 'notebooks')
  const options: TypeScript.CompilerOptions = {
    module: tslab.ModuleKind.ESNext,
    moduleResolution: tslab.ModuleResolutionKind.NodeJs,
    esModuleInterop: true,
    target: tslab.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    declaration: true,
    experimentalDecorators: true,
    resolveJsonModule: true,
    jsx: tslab.JsxEmit.React,
    allowJs: true,
    checkJs: true,
    skipLibCheck: true,
    rootDir: folder,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  }
  const virtual = new Map<string, string>()
  const verdicts = new Map<string, Verdict>()
  for (const cell of cells) {
    const file = join(folder, `${cell.name}.ts`)
    virtual.set(file, cell.code)
    const host = tslab.createCompilerHost(options)
    const { getSourceFile, fileExists, readFile } = host
    host.getSourceFile = (name, version) => {
      const text = virtual.get(name)
      if (text !== undefined) return tslab.createSourceFile(name, text, version, true)
      if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, version))
      return parsed.get(name)
    }
    host.fileExists = (name) => virtual.has(name) || fileExists.call(host, name)
    host.readFile = (name) => virtual.get(name) ?? readFile.call(host, name)
    let declaration = ''
    host.writeFile = (name, text) => {
      if (name.endsWith('.d.ts')) declaration = text
    }
    const program = tslab.createProgram([file], options, host)
    const source = program.getSourceFile(file)
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    program.emit(source)
    diagnostics.push(...program.getDeclarationDiagnostics(source))
    const counts = program as TypeScript.Program & { getInstantiationCount(): number }
    verdicts.set(cell.name, {
      errors: diagnostics.map((one) => {
        const line = source === undefined ? 0 : source.getLineAndCharacterOfPosition(one.start ?? 0).line + 1
        return `${line}: ${tslab.flattenDiagnosticMessageText(one.messageText, '\n')}`
      }),
      instantiations: counts.getInstantiationCount(),
      declaration,
    })
    virtual.delete(file)
    virtual.set(join(folder, `${cell.name}.d.ts`), declaration)
  }
  return verdicts
}

/**
 * Compiles all cells together with the current compiler.
 *
 * `declarations`: checks the declarations of the package as well; `strict: false` for cells that do not look for undefined.
 */
export function compileWithCurrent(
  cells: readonly Cell[],
  { strict = true, declarations = false }: { strict?: boolean; declarations?: boolean } = {},
): { errors: string[]; instantiations: number } {
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-types-'))
  try {
    mkdirSync(join(folder, 'cells'))
    for (const cell of cells) writeFileSync(join(folder, 'cells', `${cell.name}.ts`), cell.code)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict,
          noEmit: true,
          module: 'esnext',
          moduleResolution: 'bundler',
          target: 'es2022',
          lib: ['es2022'],
          skipLibCheck: !declarations,
          types: ['node'],
          typeRoots: [join(root, 'node_modules', '@types')],
          paths: { tenantlab: [join(root, 'dist', 'index.d.ts')] },
        },
        include: ['cells'],
      }),
    )
    const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
    const result = spawnSync(process.execPath, [compiler, '-p', folder, '--extendedDiagnostics'], { encoding: 'utf8' })
    const instantiations = /Instantiations:\s+(\d+)/.exec(result.stdout)?.[1]
    if (instantiations === undefined) throw new Error(`The compiler gave no counts: ${result.stdout}${result.stderr}`)
    return {
      errors: result.stdout.split('\n').filter((line) => /error TS\d+/.test(line)),
      instantiations: Number(instantiations),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
