import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'

type Options = NonNullable<Parameters<typeof sandbox>[0]>

/**
 * A tenant whose indexes show a write as late as Auth0's do: search after two seconds, members after one. Every test that
 * kills, applies or undoes a run has one, so that no step can be taken for undone because an index does not show it yet.
 */
export function laggingTenant(options: Options = {}): Promise<Sandbox> {
  return sandbox({ lag: { search: '2s', members: '1s' }, ...options })
}
