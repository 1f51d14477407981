import { nearest } from '../../catalogue/index.ts'
import type { Command } from '../command.ts'
import { runTour, tourFlows } from '../tour/index.ts'

/** `tenantlab tour`: every documented flow on the embedded tenant. */
export const tourCommand: Command = {
  name: 'tour',
  usage: 'tour [FLOW…] [--json]',
  summary: 'Runs every documented flow on an embedded tenant: the plan, what was sent, the result.',
  options: { json: { type: 'boolean' }, brief: { type: 'boolean' }, list: { type: 'boolean' } },
  help: {
    json: 'one JSON line per flow: {"flow":"…","status":"ok","requests":n}',
    brief: 'one line per flow',
    list: 'names of the flows, one per line',
  },
  async run({ args, options, write }) {
    if (options.list === true) {
      for (const { flow, documented } of tourFlows) write(`${flow.padEnd(32)} ${documented}`)
      return 0
    }
    const names = tourFlows.map((each) => each.flow)
    for (const name of args) {
      if (names.includes(name)) continue
      const meant = nearest(name, names)
      throw new Error(
        `The tour has no flow "${name}". ${meant === undefined ? 'See tenantlab tour --list.' : `Did you mean "${meant}"?`}`,
      )
    }
    const flows = args.length === 0 ? tourFlows : tourFlows.filter((each) => args.includes(each.flow))
    const mode = options.json === true ? 'json' : options.brief === true ? 'screen' : 'full'
    const results = await runTour({ mode, flows, write })
    return results.every((result) => result.status === 'ok') ? 0 : 1
  },
}
