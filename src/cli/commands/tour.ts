import { meantSentence, nearest } from '../../catalogue/index.ts'
import { runTour, tourFlows } from '../tour/index.ts'
import { type Command, MisuseError } from '../words/index.ts'

/** `tenantlab tour`: every documented flow on the embedded tenant. */
export const command: Command = {
  usage: '[FLOW …] [OPTION …]',
  about:
    'Runs the documented flows on an embedded tenant, all or those that are named, and shows the plan of each, what was ' +
    'sent, and the result.',
  takes: [{ name: 'FLOW', optional: true, several: true }],
  options: {
    json: { type: 'boolean', help: 'one JSON line per flow: {"flow":"…","status":"ok","requests":n}' },
    brief: { type: 'boolean', help: 'one line per flow' },
    list: { type: 'boolean', help: 'names of the flows, one per line' },
  },
  exits: [0, 1, 64],
  examples: ['tenantlab tour', 'tenantlab tour --list'],
  async run({ read, write }) {
    const { words, values } = read()
    const names = tourFlows.map((each) => each.flow)
    for (const name of words) {
      if (names.includes(name)) continue
      const meant = nearest(name, names)
      const hint = meantSentence(meant, 'See tenantlab tour --list.')
      throw new MisuseError(`The tour has no flow "${name}". ${hint}`)
    }
    const flows = words.length === 0 ? tourFlows : tourFlows.filter((each) => words.includes(each.flow))
    if (values.list === true) {
      for (const { flow, documented } of flows) write(`${flow.padEnd(32)} ${documented}`)
      return 0
    }
    const mode = values.json === true ? 'json' : values.brief === true ? 'screen' : 'full'
    const results = await runTour({ mode, flows, write })
    return results.every((result) => result.status === 'ok') ? 0 : 1
  },
}
