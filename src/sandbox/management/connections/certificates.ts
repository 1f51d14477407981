// What Auth0 reads out of certificates and metadata of identity providers.
import { X509Certificate } from 'node:crypto'
import type { JsonObject } from '../../../plan/index.ts'
import { compact, stringOf, without } from '../records.ts'

/** Names of the parts of a subject, as answers spell them. */
const SUBJECT: Readonly<Record<string, string>> = {
  CN: 'commonName',
  C: 'countryName',
  ST: 'stateOrProvinceName',
  L: 'localityName',
  O: 'organizationName',
  OU: 'organizationalUnitName',
}

/** A certificate in PEM form, from PEM, from its base64 body, or from PEM that was encoded once more. */
function pemOf(text: string): string {
  if (text.includes('-----BEGIN')) return text
  const decoded = Buffer.from(text, 'base64').toString('latin1')
  if (decoded.includes('-----BEGIN')) return decoded
  const lines = text.replace(/\s/g, '').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** What answers show of a certificate: when it ends, whose it is, and its fingerprint. Nothing where it is not one. */
function described(pem: string): JsonObject {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(pem)
  } catch {
    // Auth0 stores what it cannot read; the login with it fails.
    return {}
  }
  const parts = certificate.subject.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    const name = SUBJECT[line.slice(0, at)]
    return name === undefined ? [] : [[name, line.slice(at + 1)] as const]
  })
  return {
    cert: pem,
    expires: new Date(certificate.validTo).toISOString(),
    subject: Object.fromEntries(parts),
    thumbprints: [certificate.fingerprint.replaceAll(':', '').toLowerCase()],
  }
}

/** Options with a certificate that was sent as `signingCert`: the answer shows it as `cert`, and what it says. */
export function certificateOptions(sent: JsonObject): JsonObject {
  const text = stringOf(sent['signingCert'])
  if (text === undefined) return sent
  const shown = described(pemOf(text))
  return shown['cert'] === undefined ? sent : { ...shown, ...without(sent, 'signingCert') }
}

/** The value of an attribute of the first element of a name, whatever its prefix. */
function attribute(xml: string, element: string, name: string): string | undefined {
  const found = new RegExp(`<(?:\\w+:)?${element}\\b[^>]*?\\b${name}="([^"]+)"`).exec(xml)
  return found?.[1]?.replaceAll('&amp;', '&')
}

/** Options of a SAML connection: metadata that was sent as text is read once, and its parts are kept. */
export function metadataOptions(sent: JsonObject): JsonObject {
  const xml = stringOf(sent['metadataXml'])
  const certificate = stringOf(sent['signingCert']) ?? certificateOf(xml)
  const pem = certificate === undefined ? undefined : pemOf(certificate)
  const text = pem === undefined ? {} : described(pem)
  const read =
    xml === undefined
      ? {}
      : compact({
          signInEndpoint: attribute(xml, 'SingleSignOnService', 'Location'),
          signOutEndpoint: attribute(xml, 'SingleLogoutService', 'Location'),
          bindingMethod: attribute(xml, 'SingleSignOnService', 'Binding'),
        })
  return {
    assertion_decryption_settings: { algorithm_profile: 'v2026-1', algorithm_exceptions: [] },
    ...text,
    ...read,
    ...without(sent, 'metadataXml'),
    ...(pem === undefined || sent['signingCert'] !== undefined
      ? {}
      : { signingCert: Buffer.from(pem).toString('base64') }),
  }
}

function certificateOf(xml: string | undefined): string | undefined {
  return xml === undefined ? undefined : /<(?:\w+:)?X509Certificate>([^<]+)</.exec(xml)?.[1]?.trim()
}
