/** Answer of the token endpoint. Values are real; printing the answer hides them. */
export interface Tokens {
  access_token: string
  token_type: string
  /** Seconds. */
  expires_in: number
  id_token?: string
  refresh_token?: string
  /** Space separated. */
  scope?: string
  issued_token_type?: string
  /** The new recovery code, after a login with the old one. */
  recovery_code?: string
}

/** An authenticator app waits to be confirmed with a first code. */
export interface OtpEnrollment {
  authenticator_type: 'otp'
  /** Base32 secret of the authenticator app. */
  secret: string
  /** `otpauth://` address for a QR code. */
  barcode_uri: string
  /** Only with the very first authenticator of the user. */
  recovery_codes?: string[]
}

/** A code is on its way; confirm with `verify.oob(enrollment, code)`. */
export interface OobEnrollment {
  authenticator_type: 'oob'
  oob_channel: 'sms' | 'voice' | 'email'
  oob_code: string
  /** `prompt`: the user types a code. */
  binding_method?: 'prompt'
  recovery_codes?: string[]
}

/** A push authenticator waits for its QR code to be scanned; confirm with `verify.oob(enrollment)`. */
export interface PushEnrollment {
  authenticator_type: 'oob'
  oob_channel: 'auth0'
  oob_code: string
  barcode_uri: string
  recovery_codes?: string[]
}

/** A challenge was sent; answer with `verify.oob(challenge, code)`. */
export interface OobChallenge {
  challenge_type: 'oob'
  oob_code: string
  /** `prompt`: the user types a code. Absent: the user approves on the device, and `verify.oob(challenge)` polls. */
  binding_method?: 'prompt'
}

/** The user may type a code of the authenticator app; answer with `verify.otp(code)`. */
export interface OtpChallenge {
  challenge_type: 'otp'
}

/** One second factor of a user. */
export interface Authenticator {
  /** `sms|dev_…`, `totp|dev_…`, `push|dev_…`, `email|dev_…`, `recovery-code|dev_…` */
  id: string
  authenticator_type: string
  active: boolean
  oob_channel?: string
  /** Masked phone number, address or device name. */
  name?: string
}

/** Start of a login on a device. */
export interface DeviceAuthorization {
  device_code: string
  user_code: string
  verification_uri: string
  verification_uri_complete: string
  /** Seconds. */
  expires_in: number
  /** Seconds between two polls. */
  interval: number
}

/** Answer to a started passwordless login. */
export interface PasswordlessStarted {
  _id?: string
  email?: string
  email_verified?: boolean
  phone_number?: string
  phone_verified?: boolean
}

/** A signed-up database user. */
export interface SignedUpUser {
  _id?: string
  id?: string
  user_id?: string
  email?: string
  email_verified?: boolean
  username?: string
  phone_number?: string
  given_name?: string
  family_name?: string
  name?: string
  nickname?: string
  picture?: string
  user_metadata?: { [key: string]: unknown }
}

/** Answer to a started back-channel login. */
export interface BackchannelAuthorization {
  auth_req_id: string
  /** Seconds. */
  expires_in: number
  /** Seconds between two polls. */
  interval: number
}

/** A pushed authorization request waits to be opened by `authorize.url({ requestUri })`. */
export interface PushedRequest {
  request_uri: string
  /** Seconds. */
  expires_in: number
}

/** An application that registered itself. */
export interface RegisteredApplication {
  client_id: string
  client_name?: string
  client_secret?: string
  redirect_uris: string[]
  /** Epoch seconds; 0: never. */
  client_secret_expires_at?: number
  token_endpoint_auth_method?: string
}
