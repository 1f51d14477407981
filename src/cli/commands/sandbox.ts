import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxOptions, SandboxPlan } from '../../sandbox/index.ts'
import { sandbox } from '../../sandbox/index.ts'
import type { Command } from '../command.ts'

const PLANS: readonly SandboxPlan[] = ['free', 'essentials', 'enterprise', 'enterprise-dev']

/** `tenantlab sandbox`: the embedded tenant as a server of its own, for other tools and SDKs. */
export const sandboxCommand: Command = {
  name: 'sandbox',
  usage: 'sandbox [--port N]',
  summary: 'Runs the embedded tenant until it is interrupted; prints what another SDK needs to reach it.',
  options: {
    port: { type: 'string' },
    'http-port': { type: 'string' },
    seed: { type: 'string' },
    clock: { type: 'string' },
    'rate-limit': { type: 'string' },
    'no-default-domain': { type: 'boolean' },
  },
  help: {
    port: 'HTTPS port; a free one unless given',
    'http-port': 'HTTP port; a free one unless given',
    seed: 'any word: the same ids, codes and credentials in every run',
    clock: 'real (the default), or fixed: it stands still at one date',
    'rate-limit': `limits of a plan: ${PLANS.join(', ')}`,
    'no-default-domain': 'links without a chosen custom domain are refused with 409',
  },
  async run({ options, write }) {
    const tenant = await sandbox(optionsOf(options))
    const folder = mkdtempSync(join(tmpdir(), 'tenantlab-'))
    const file = join(folder, 'ca.pem')
    writeFileSync(file, tenant.ca ?? '')
    const { clientId, clientSecret } = tenant.options
    const host = tenant.httpsUrl?.replace('https://127.0.0.1', 'localhost').replace('https://', '') ?? ''
    write(`domain         ${host}`)
    write(`client id      ${clientId}`)
    write(`client secret  ${clientSecret}`)
    write(`audience       https://${tenant.domain}/api/v2/`)
    write(`http           ${tenant.url}`)
    write(`https          ${tenant.httpsUrl}`)
    write(`CA file        ${file}`)
    write(`page           ${tenant.url}/`)
    write('')
    write('Another SDK trusts it with:')
    write(
      `export NODE_EXTRA_CA_CERTS=${file} AUTH0_DOMAIN=${host} AUTH0_CLIENT_ID=${clientId} AUTH0_CLIENT_SECRET=${clientSecret}`,
    )
    write('')
    write('Ctrl-C ends it.')
    await interrupted()
    await tenant.close()
    rmSync(folder, { recursive: true })
    return 0
  },
}

function optionsOf(options: Readonly<Record<string, string | boolean | undefined>>): SandboxOptions {
  const rateLimit = options['rate-limit']
  if (rateLimit !== undefined && !PLANS.includes(rateLimit as SandboxPlan)) {
    throw new Error(`--rate-limit takes ${PLANS.join(', ')}, not "${rateLimit}".`)
  }
  const { clock } = options
  if (clock !== undefined && clock !== 'real' && clock !== 'fixed') {
    throw new Error(`--clock takes real or fixed, not "${clock}".`)
  }
  return {
    ...(clock === undefined ? {} : { clock }),
    ...(options.port === undefined ? {} : { port: portOf('port', options.port) }),
    ...(options['http-port'] === undefined ? {} : { httpPort: portOf('http-port', options['http-port']) }),
    ...(typeof options.seed === 'string' ? { seed: options.seed } : {}),
    ...(rateLimit === undefined ? {} : { rateLimit: rateLimit as SandboxPlan }),
    ...(options['no-default-domain'] === true ? { defaultDomain: null } : {}),
  }
}

function portOf(name: string, value: string | boolean): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new Error(`--${name} takes a port from 0 to 65535, not "${value}".`)
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
