// Fields that several words share. A field says how it is written, how it is called on the wire and where it goes, its
// type, whether it must be there, whether it is secret, and a sentence. `in` is `body` unless the row says otherwise:
// `header`, `query`, `client` (the application that the request speaks for), or `none` (the word makes something of it).
const required = true
const secret = true

/** The base of the pages of the Authentication API. */
export const PAGES = 'https://auth0.com/docs/api/authentication'

/** The application that one word speaks for, instead of the session's. */
export const client = [
  { name: 'clientId', wire: 'client_id', in: 'client', says: "The application; the session's when left out." },
  { name: 'clientSecret', wire: 'client_secret', in: 'client', secret, says: 'Its secret.' },
  {
    name: 'clientAssertion',
    wire: 'client_assertion',
    in: 'client',
    type: "ClientOptions['clientAssertion']",
    says: 'For `private_key_jwt`, instead of a secret.',
  },
]

export const scope = { name: 'scope', says: 'Space separated.' }
export const audience = {
  name: 'audience',
  says: 'Identifier of the API; `mfa` stands for `https://{domain}/mfa/`.',
}
export const organization = { name: 'organization', says: 'Id or name of the organization.' }
export const connection = {
  name: 'connection',
  required,
  sample: 'Username-Password-Authentication',
  says: 'Name of the connection.',
}
export const interval = {
  name: 'interval',
  type: 'number',
  in: 'none',
  says: 'Seconds between two polls; 5, as the answer of the start says.',
}
export const authenticatorId = {
  name: 'authenticatorId',
  wire: 'authenticator_id',
  says: 'One of `authenticators.list()`; Auth0 chooses when left out.',
}
export const phoneNumber = {
  name: 'phoneNumber',
  wire: 'phone_number',
  required,
  sample: '+15550100',
  says: 'E.164, such as `+15550100`.',
}
/** A code that a person typed. */
export const typedCode = (wire, says) => ({ name: 'code', wire, required, secret, says })
