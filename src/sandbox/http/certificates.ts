import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { SandboxCertificate } from '../types.ts'

/** The certification authority of a sandbox and the certificates it signs for the tenant's hosts. */
export interface Certificates {
  /** The authority's certificate, PEM. Trusting it trusts this sandbox only. */
  readonly ca: string
  /** Certificate and private key (PEM) for the tenant's own hosts. */
  readonly own: { readonly cert: string; readonly key: string }
  /** A secure context for a host that became known later, such as a custom domain verified meanwhile. */
  contextFor(host: string): Promise<SecureContext>
}

const LOOPBACK = [
  { type: 2 as const, value: 'localhost' },
  { type: 7 as const, ip: '127.0.0.1' },
  { type: 7 as const, ip: '::1' },
]

function alternativeName(host: string) {
  return isIP(host) === 0 ? { type: 2 as const, value: host } : { type: 7 as const, ip: host }
}

/** Makes an authority and one certificate that covers loopback and the given hosts. */
export async function createCertificates(hosts: readonly string[]): Promise<Certificates> {
  const { generate } = await import('selfsigned')
  // A name of its own: a client that trusts several sandboxes finds the issuer of a certificate by its name.
  const name = `tenantlab sandbox CA ${randomBytes(6).toString('hex')}`
  const authority = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  })
  const sign = async (names: readonly string[], loopback: boolean) => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [...names.map(alternativeName), ...(loopback ? LOOPBACK : [])],
        },
      ],
    })
    return { cert, key }
  }
  const own = await sign(hosts, true)
  const later = new Map<string, Promise<SecureContext>>()
  return {
    ca: authority.cert,
    own,
    contextFor(host) {
      const known = later.get(host) ?? sign([host], false).then((pair) => createSecureContext(pair))
      later.set(host, known)
      return known
    },
  }
}

/** The same for a certificate that the caller brought; it serves every host. */
export function givenCertificates({ ca, cert, key }: SandboxCertificate): Promise<Certificates> {
  const context = createSecureContext({ cert, key })
  return Promise.resolve({ ca: ca ?? cert, own: { cert, key }, contextFor: () => Promise.resolve(context) })
}
