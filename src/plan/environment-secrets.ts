import { processSecrets } from './redactor.ts'
import { isSecretName } from './secret-signs.ts'

/** Learns what the environment holds under a secret's name: a notebook or console may print it before a session uses it. */
export function learnEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (isSecretName(name) || name.startsWith('TENANTLAB_SECRET_')) processSecrets().add(value)
  }
}
