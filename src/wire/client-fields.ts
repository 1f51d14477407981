import type { OperationRow } from '../catalogue/index.ts'

/**
 * How an application names itself in the body of a request of the Authentication API. `credential`: client id with
 * secret or assertion. `if-any`: the same, where the session has an application. `id`: the client id alone. `none`.
 */
export type ClientFields = 'credential' | 'if-any' | 'id' | 'none'

const BY_OPERATION: Readonly<Record<string, ClientFields>> = {
  'authentication.token': 'credential',
  'authentication.mfa.challenge': 'credential',
  'authentication.mfa.associate': 'if-any',
  'authentication.revoke': 'credential',
  'authentication.par': 'credential',
  'authentication.backchannel': 'credential',
  'authentication.device': 'id',
  'authentication.passwordless.start': 'credential',
  'authentication.passwordless.verify': 'id',
  'authentication.database.signup': 'id',
  'authentication.database.changePassword': 'id',
}

/** Which client authentication an operation takes in its body. */
export function clientFieldsOf(row: OperationRow): ClientFields {
  return BY_OPERATION[row.id] ?? 'none'
}
