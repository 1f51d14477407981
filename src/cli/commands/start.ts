import { runTour, tourFlows } from '../tour/index.ts'
import type { Command } from '../words/index.ts'

/** Lines that the console says of itself, and those around them. */
const CONSOLE = 10

/** `tenantlab start`: on a terminal a one-screen tour and then the console, elsewhere the whole tour. */
export const command: Command = {
  usage: '',
  about:
    'Shows what there is, on an embedded tenant: on a terminal a line for each documented flow and then the console, ' +
    'elsewhere the whole tour. tenantlab alone does the same.',
  takes: [],
  options: {},
  exits: [0, 1, 64],
  examples: ['tenantlab start', 'tenantlab'],
  async run(call) {
    call.read()
    const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true
    const { rows = 24, columns = 80 } = process.stdout
    // A line for each flow, where that and what the console says of itself find a place on the screen.
    const mode = !terminal ? 'full' : rows > tourFlows.length + CONSOLE ? 'screen' : 'short'
    const results = await runTour({ mode, columns, flows: tourFlows, write: call.write })
    const failed = results.some((result) => result.status === 'failed')
    if (!terminal || failed) return failed ? 1 : 0
    const { openRepl } = await import('./repl.ts')
    return openRepl({ sandbox: true, users: '500', days: '30' })
  },
}
