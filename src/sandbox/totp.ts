import { TOTP, URI } from 'otpauth'

/**
 * The code an authenticator app would show at a time.
 * @param secret base32 secret, or the `otpauth:` URI of a barcode
 * @param timestamp epoch milliseconds
 */
export function currentTotp(secret: string, timestamp: number): string {
  const app = secret.startsWith('otpauth:') ? URI.parse(secret) : new TOTP({ secret, digits: 6, period: 30 })
  if (!(app instanceof TOTP))
    throw new TypeError('The barcode is not one of a time-based app. Use that of an OTP enrolment.')
  return app.generate({ timestamp })
}
