import { replaceRefreshToken } from '../../profiles/index.ts'
import type { TokenDelegate } from '../../tokens/index.ts'
import { executionOf } from '../plans/index.ts'
import type { Session } from '../session.ts'
import type { Settings } from './settings.ts'

const SECONDS = 1000

/**
 * Lets a stored login of a user bring the session's tokens.
 *
 * @param open Opens a session that has no token of its own, to send the refresh by.
 */
export function withUserLogin(settings: Settings, open: (settings: Settings) => Session): Settings {
  const { userLogin, clock } = settings
  if (userLogin === undefined) return settings
  let { refreshToken } = userLogin
  const plain = { ...settings, userLogin: undefined, token: undefined }
  let session: Session | undefined
  const token: TokenDelegate = async ({ signal }) => {
    session ??= open(plain)
    const refresh = session.login.refreshToken({ refreshToken })
    // What the plan that waits for the token tells of a failure is the line that ran that plan.
    const tokens = await executionOf(refresh, { signal, callSite: null })
    if (typeof tokens.refresh_token === 'string' && tokens.refresh_token !== refreshToken) {
      refreshToken = tokens.refresh_token
      // A rotated token ends the one before: unkept, the next console could not log in.
      replaceRefreshToken(userLogin.profile, refreshToken, process.env)
    }
    return { token: tokens.access_token, expiresAt: clock.now() + (tokens.expires_in ?? 0) * SECONDS }
  }
  return { ...settings, token }
}
