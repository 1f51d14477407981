// Loaded before tslab by `node --require`: it makes a better kernel of tslab 1.0.22, and leaves any other as it is.
import { offerHost } from '../../plan/index.ts'
import { CellLines } from './cell-lines.ts'
import { hasTopLevelAwait, strictCompiler } from './compiler.ts'
import { CellState, patchExecutor } from './executor.ts'
import { KernelPrograms } from './interrupts.ts'
import { patchTslab } from './modules.ts'
import { findOwnPackage } from './own-package.ts'
import { KernelPrompt } from './prompt.ts'
import { patchServer } from './server.ts'
import type { Compiler } from './tslab.ts'
import { TSLAB } from './tslab.ts'

const state = new CellState()
const lines = new CellLines()
const programs = new KernelPrograms()
const prompt = new KernelPrompt(programs)
let compiler: Compiler | undefined

offerHost({
  executions: programs.executions,
  prompt: {
    get possible() {
      return prompt.possible
    },
    ask: (question, hidden) => prompt.ask(question, hidden),
  },
})

findOwnPackage(__dirname)
patchTslab(
  {
    compiler(loaded) {
      compiler = loaded
      return lines.noting(strictCompiler(loaded))
    },
    converter(module) {
      const create = module.createConverter
      module.createConverter = (options) => {
        const converter = create(options)
        const { convert } = converter
        converter.convert = (earlier, source) => {
          const converted = convert(earlier, source)
          if (compiler === undefined || converted.diagnostics.length > 0) return converted
          const output = converted.output === undefined ? undefined : lines.named(converted.output, state.count)
          return { ...converted, ...(output && { output }), hasToplevelAwait: hasTopLevelAwait(compiler, source) }
        }
        return converter
      }
    },
    executor: (module) => patchExecutor(module, state, programs, lines),
    jupyter(module) {
      lines.display = (content) => module.lastWriteDisplayData?.(content, false)
      patchServer(module, state, prompt)
    },
  },
  (version) => {
    process.stderr.write(
      `The kernel profile of tenantlab is written for tslab ${TSLAB} and found ${version}: it steps aside, and the kernel runs as it came. Install tslab ${TSLAB} for the profile.\n`,
    )
  },
)
