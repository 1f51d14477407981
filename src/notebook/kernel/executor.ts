import { format, inspect } from 'node:util'
import { bundleOf } from '../../display/index.ts'
import { isTenantlabError } from '../../plan/index.ts'
import type { KernelPrograms } from './interrupts.ts'
import { withoutKernelFrames } from './stack.ts'
import type { DisplayContent, ExecutorModule } from './tslab.ts'

const JUPYTER = Symbol.for('Jupyter.display')

/** What a cell ended in, beside its status. */
export interface LastError {
  readonly name: string
  readonly message: string
  readonly printed: string
}

/** Where the parts of the profile tell each other what happened in the cell that runs. */
export interface CellState {
  error?: LastError
  display?: (content: DisplayContent) => void
}

/**
 * Shows the last value of a cell in all its media types, prints errors without the kernel's frames, and passes an
 * interrupt on to the plans that run.
 */
export function patchExecutor(module: ExecutorModule, state: CellState, programs: KernelPrograms): void {
  const create = module.createExecutor
  module.createExecutor = (folder, converters, says) => {
    const executor = create(folder, converters, {
      log(...values) {
        const bundle = values.length === 1 ? richBundle(values[0]) : undefined
        if (bundle === undefined || state.display === undefined) says.log(...values)
        else state.display({ data: bundle, metadata: {}, transient: {} })
      },
      error(...values) {
        if (values.length !== 1 || !(values[0] instanceof Error)) {
          const printed = [state.error?.printed, format(...values)].filter((part) => part !== undefined).join('\n')
          state.error = { name: 'Error', message: printed, printed }
          return says.error(...values)
        }
        const error = values[0]
        const printed = programs.explains(error) ?? withoutKernelFrames(inspect(error))
        state.error = { name: error.name, message: error.message, printed }
        says.error(printed)
      },
    })
    const { execute, interrupt } = executor
    executor.execute = (source) => {
      delete state.error
      return programs.run(() => execute(source))
    }
    executor.interrupt = () => {
      programs.interrupt()
      interrupt()
    }
    return executor
  }
}

/** The forms of a value that has a look; plain text stays for tslab to print. */
function richBundle(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const has = isTenantlabError(value) || typeof (value as Record<symbol, unknown>)[JUPYTER] === 'function'
  return has ? bundleOf(value) : undefined
}
