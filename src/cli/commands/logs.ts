import { jsonOf, logLine, tailLogs } from '../../repl/index.ts'
import { openTargets } from '../runbook/index.ts'
import { CONNECTION, type Command, textsOf, wholeOf } from '../words/index.ts'

const { profile, sandbox } = CONNECTION

/** `tenantlab logs`: the newest events of a tenant's log, and with `--follow` what comes after them. */
export const command: Command = {
  usage: '[--follow] [OPTION …]',
  about:
    "Prints the newest events of a tenant's log, oldest first. With --follow it goes on with those that come, each once, until " +
    "it is interrupted. Auth0's log is some seconds late; a line that came late says so.",
  takes: [],
  options: {
    follow: { type: 'boolean', short: 'f', help: 'goes on with what comes' },
    number: {
      type: 'string',
      short: 'n',
      value: 'NUMBER',
      help: 'newest events to begin with, from 0 to 1000; 20 unless given',
    },
    type: {
      type: 'string',
      multiple: true,
      value: 'TYPE',
      help: 'only events of these types, such as fp for a wrong password',
    },
    json: { type: 'boolean', help: 'one line of JSON for each event' },
    tenant: { type: 'string', value: 'NAME', group: 'Connection', help: 'profile or domain' },
    ...(profile && { profile }),
    ...(sandbox && { sandbox }),
  },
  exits: [0, 1, 64],
  examples: ['tenantlab logs --sandbox', 'tenantlab logs --follow --type fp --type fu'],
  async run({ read, write }) {
    const { values } = read()
    const number = wholeOf(values, 'number', 0, 1000)
    const types = textsOf(values, 'type')
    const targets = await openTargets(values, 'check', undefined)
    const ended = new AbortController()
    const end = (): void => ended.abort()
    process.once('SIGINT', end).once('SIGTERM', end)
    const options = {
      follow: values.follow === true,
      types,
      signal: ended.signal,
      ...(number !== undefined && { number }),
    }
    try {
      const [session] = targets.sessions
      if (session === undefined) return 0
      for await (const event of tailLogs(session, options))
        write(values.json === true ? jsonOf(event) : logLine(event, options.follow ? Date.now() : undefined))
      return 0
    } catch (error) {
      if (ended.signal.aborted) return 0
      throw error
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end)
      await targets.close()
    }
  },
}
