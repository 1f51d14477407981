import { basename } from 'node:path'
import { readNotebook, textOf } from '../../scripts/notebook-format.mjs'
import type { StoredOutput } from '../../scripts/notebook-run.mjs'
import { notebooks, notebooksOf } from '../../scripts/notebook-run.mjs'

/** The notebooks of the repository, by file name. */
export const stored = notebooksOf(notebooks).map((path) => ({
  path,
  name: basename(path),
  notebook: readNotebook(path),
}))

/** Outputs with their texts joined, so that the way a file breaks lines does not count. */
export function joined(outputs: readonly StoredOutput[] | undefined): unknown[] {
  return (outputs ?? []).map((output) => {
    if (output.output_type === 'stream') return { stream: output.name, text: textOf(output.text) }
    const data = Object.entries(output.data ?? {}).map(([type, value]) => [
      type,
      Array.isArray(value) && value.every((line) => typeof line === 'string') ? textOf(value as string[]) : value,
    ])
    return Object.fromEntries(data) as unknown
  })
}

/** Values that no output may show: what a real connection would bring in, if it were read. */
export const canaries = {
  AUTH0_DOMAIN: 'canary-domain.example.com',
  AUTH0_CLIENT_ID: 'canary-client-id-3f2a',
  AUTH0_CLIENT_SECRET: 'canary-client-secret-9b1c',
  AUTH0_AUDIENCE: 'https://canary-audience.example.com/',
  AUTH0_CUSTOM_DOMAIN: 'canary-custom.example.com',
} as const

/** Everything that a cell shows, as one text. */
export function shownBy(outputs: readonly StoredOutput[]): string {
  return JSON.stringify(joined(outputs))
}

/** What a token, a one-time code beside its name, or a key looks like. */
export const SECRET_SHAPES: readonly RegExp[] = [
  /eyJ[\w-]{8,}\.[\w-]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"?(?:access_token|refresh_token|id_token|client_secret|password|mfa_token|oob_code|binding_code|recovery_code)"?\s*[:=]\s*['"]?(?!«secret»|\$|string|undefined|null)[\w|.+/-]{6,}/i,
  /otpauth:\/\/\w+\/\S*secret=(?!«)/,
]
