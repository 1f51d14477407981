import { historyFile, openConsole } from '../../repl/index.ts'
import { sandbox } from '../../sandbox/index.ts'
import { connect, planFrom, reveal } from '../../session/index.ts'
import type { Command } from '../command.ts'

/** `tenantlab repl`: the console on a tenant, or on the embedded one where none is configured. */
export const replCommand: Command = {
  name: 'repl',
  usage: 'repl [--sandbox] [--read-only]',
  summary: 'A console with the session as auth0: top-level await, TypeScript, completion that runs nothing.',
  options: { sandbox: { type: 'boolean' }, profile: { type: 'string' }, 'read-only': { type: 'boolean' } },
  help: {
    sandbox: 'the embedded tenant, also where AUTH0_DOMAIN is set',
    profile: 'name of a stored profile',
    'read-only': 'writes are refused before they are sent',
  },
  async run({ options, write }) {
    const profile = typeof options.profile === 'string' ? options.profile : undefined
    const configured = profile !== undefined || process.env.AUTH0_DOMAIN !== undefined || process.env.AUTH0_PROFILE !== undefined
    const tenant = options.sandbox === true || !configured ? await sandbox() : undefined
    const writes = options['read-only'] === true ? ({ writes: 'deny' } as const) : {}
    const auth0 = connect({ ...(tenant?.options ?? (profile === undefined ? {} : { profile })), ...writes })
    const terminal = process.stdin.isTTY === true
    if (terminal) {
      write(tenant === undefined ? `Connected to ${auth0.domain}.` : `Connected to the embedded tenant ${auth0.domain}; tenant.outbox holds its messages.`)
      write('Plans show themselves and send nothing: await auth0.users.list().run() sends. .help lists the commands.')
    }
    try {
      const failed = await openConsole({
        name: auth0.domain,
        variables: { auth0, connect, planFrom, reveal, ...(tenant === undefined ? {} : { tenant }) },
        input: process.stdin,
        output: process.stdout,
        history: historyFile(),
      })
      return failed === 0 ? 0 : 1
    } finally {
      await tenant?.close()
    }
  },
}
