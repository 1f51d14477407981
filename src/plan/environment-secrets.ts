import { existsSync } from 'node:fs'
import { processSecrets } from './redactor.ts'
import { isSecretName } from './secret-signs.ts'

/** Shells keep the folder that one is in there, and the one before. */
const FOLDERS = new Set(['PWD', 'OLDPWD'])

/** Learns what the environment holds under a secret's name: a notebook or console may print it before a session uses it. */
export function learnEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || FOLDERS.has(name)) continue
    if (!isSecretName(name) && !name.startsWith('TENANTLAB_SECRET_')) continue
    // A variable may name the file that holds the secret.
    const isPath = /^([/\\~]|[A-Za-z]:[/\\])/.test(value) && existsSync(value)
    if (!isPath) processSecrets().add(value)
  }
}
