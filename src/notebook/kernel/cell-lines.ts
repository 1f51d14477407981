import { SourceMap } from 'node:module'
import type { Compiler, DisplayContent } from './tslab.ts'

const MAP_COMMENT = /\n?\/\/# sourceMappingURL=(?:data:application\/json;base64,([\w+/=]+)|\S+)\s*$/
const FRAME = /^\s+at /
/** The line of the code that runs, which Node puts in front of what a script throws: nobody typed it like that. */
const ARROW = /^cell\[\d+\]:\d+\n[^\n]*\n\s*\^+\n\n?/
/** Frames of Node, of the kernel, of packages and of this package: nobody wrote them in a notebook. */
const FOREIGN =
  /[\\/]node_modules[\\/]|[\\/]tslab[\\/]dist[\\/]|node:|\bnative\b|<anonymous>\)?$|new Script \(|[\\/]tenantlab[\\/]dist[\\/]|kernel-profile\.cjs|notebook-runner\.cjs|[\\/]dist[\\/](?:chunks[\\/])?[\w-]+\.js:/
/** Node's word for frames that a cause has too; most of them are nobody's, and the user's stand with the cause. */
const ELIDED = /^\s+\.\.\. \d+ lines? matching cause stack trace \.\.\.$/
const PLACE = /\bcell\[(\d+)\]:(\d+):(\d+)/g

/** Lines that tslab puts before a cell. */
const PREFIX = 1

/** Which line of which cell a place in the code that runs comes from. */
export class CellLines {
  /** By number of the cell: from what runs to what was emitted, and from there to what was typed. */
  readonly #maps = new Map<number, readonly SourceMap[]>()
  /** Shows a display in the running cell, where no server does. */
  display: ((content: DisplayContent) => void) | undefined
  #emitted: readonly SourceMap[] | undefined

  /** How errors name a cell. */
  nameOf(cell: number): string {
    return `cell[${cell}]`
  }

  /** The compiler, which from now on notes where each line of its output comes from. */
  noting(ts: Compiler): Compiler {
    const { transpileModule } = ts
    return {
      ...ts,
      transpileModule: (code, given) => {
        const first = mapIn(code)
        const options = { ...given, compilerOptions: { ...given.compilerOptions, sourceMap: true } }
        const made = transpileModule(code.replace(MAP_COMMENT, ''), options)
        const second = made.sourceMapText === undefined ? undefined : mapOf(made.sourceMapText)
        this.#emitted = [second, first].filter((map) => map !== undefined)
        return { ...made, outputText: made.outputText.replace(MAP_COMMENT, '') }
      },
    }
  }

  /** The code of a cell, under a name by which stack traces tell it. */
  named(code: string, cell: number): string {
    if (this.#emitted !== undefined) this.#maps.set(cell, this.#emitted)
    this.#emitted = undefined
    return `${code}\n//# sourceURL=${this.nameOf(cell)}`
  }

  /** A printed error: the lines of cells are those that were typed, and frames that are not the user's are left out. */
  mapped(printed: string): string {
    return (
      printed
        .replace(ARROW, '')
        .split('\n')
        .filter((line) => !ELIDED.test(line) && (!FRAME.test(line) || !FOREIGN.test(line)))
        .map((line) =>
          line.replace(PLACE, (_, cell, row, column) => this.#placeOf(Number(cell), Number(row), Number(column))),
        )
        // The cell and the function around it stand at one place.
        .filter((line, at, all) => line !== all[at - 1] || !FRAME.test(line))
        .join('\n')
    )
  }

  #placeOf(cell: number, line: number, column: number): string {
    let at = { line: line - 1, column: column - 1 }
    for (const map of this.#maps.get(cell) ?? []) {
      const entry = map.findEntry(at.line, at.column)
      if (!('originalLine' in entry)) continue
      at = { line: entry.originalLine, column: entry.originalColumn }
    }
    return `${this.nameOf(cell)}:${Math.max(1, at.line + 1 - PREFIX)}`
  }
}

function mapIn(code: string): SourceMap | undefined {
  const base64 = MAP_COMMENT.exec(code)?.[1]
  return base64 === undefined ? undefined : mapOf(Buffer.from(base64, 'base64').toString())
}

function mapOf(json: string): SourceMap {
  return new SourceMap(JSON.parse(json) as ConstructorParameters<typeof SourceMap>[0])
}
