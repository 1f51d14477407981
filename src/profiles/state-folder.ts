import { isAbsolute, join } from 'node:path'

/**
 * Where this user's console and runs keep what they remember: `${XDG_STATE_HOME:-~/.local/state}/tenantlab`. A relative
 * path there is passed over, as the XDG specification says: it would be another folder in each working folder.
 */
export function stateFolder(): string {
  const state = process.env.XDG_STATE_HOME ?? ''
  return join(
    isAbsolute(state) ? state : join(process.getBuiltinModule('node:os').homedir(), '.local', 'state'),
    'tenantlab',
  )
}
