import { bundleOf } from '../../display/index.ts'
import { runFile } from '../../runbook/index.ts'
import { sandbox } from '../../sandbox/index.ts'
import { connect } from '../../session/index.ts'
import type { Command } from '../command.ts'

/** `tenantlab run FILE`: a script with a session; with `--dry-run` no write is sent. */
export const runCommand: Command = {
  name: 'run',
  usage: 'run FILE [ARGUMENT…] [--dry-run]',
  summary: 'Runs a TypeScript file; its default export gets { auth0, args, dryRun }.',
  options: { 'dry-run': { type: 'boolean' }, sandbox: { type: 'boolean' }, profile: { type: 'string' } },
  help: {
    'dry-run': 'reads are sent, writes are predicted',
    sandbox: 'on a fresh embedded tenant',
    profile: 'name of a stored profile',
  },
  async run({ args, options, write }) {
    const [file, ...rest] = args
    if (file === undefined) throw new Error('tenantlab run needs the file to run: tenantlab run FILE.ts')
    const dryRun = options['dry-run'] === true
    const tenant = options.sandbox === true ? await sandbox() : undefined
    try {
      const auth0 = connect({
        ...(tenant?.options ?? (typeof options.profile === 'string' ? { profile: options.profile } : {})),
        writes: dryRun ? 'predict' : 'allow',
      })
      const { value } = await runFile(file, { auth0, args: rest, dryRun })
      if (value !== undefined) write(bundleOf(value)['text/plain'] ?? String(value))
      return 0
    } finally {
      await tenant?.close()
    }
  },
}
