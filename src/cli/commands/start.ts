import type { Command } from '../command.ts'
import { runTour, tourFlows } from '../tour/index.ts'
import { replCommand } from './repl.ts'

/** `tenantlab start`: on a terminal a one-screen tour and then the console, elsewhere the whole tour. */
export const startCommand: Command = {
  name: 'start',
  usage: 'start',
  summary: 'Shows what there is: the tour, and on a terminal then the console, on an embedded tenant.',
  options: {},
  help: {},
  async run(context) {
    const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true
    const mode = terminal ? 'screen' : 'full'
    const results = await runTour({ mode, flows: tourFlows, write: context.write })
    const failed = results.some((result) => result.status === 'failed')
    if (!terminal || failed) return failed ? 1 : 0
    return replCommand.run({ ...context, options: { sandbox: true } })
  },
}
