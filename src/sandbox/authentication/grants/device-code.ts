import { requiredField } from '../call.ts'
import { redeemDeviceCode } from '../device.ts'
import { continueLogin } from '../login.ts'
import { userById } from '../users.ts'
import type { Grant } from './grant.ts'

/** The grant of a device login that a person has confirmed elsewhere. */
export const deviceCode: Grant = async (call, client) => {
  const record = redeemDeviceCode(call.core, client, requiredField(call, 'device_code'))
  return continueLogin(call, {
    client,
    user: userById(call.core, String(record.user_id)),
    mfa: record.mfa === true,
    settled: record.settled === true,
    ...(typeof record.sid === 'string' ? { sid: record.sid } : {}),
    ...(typeof record.audience === 'string' ? { audience: record.audience } : {}),
    ...(typeof record.scope === 'string' ? { scope: record.scope } : {}),
  })
}
