import { expect, it } from 'vitest'
import { keys, missing, PseudoTerminal } from './pseudo-terminal.ts'

/** Opens the console on an embedded tenant, works in it, and closes it. */
async function inConsole(
  context: { skip(reason?: string): void },
  work: (console: PseudoTerminal) => Promise<void>,
  options: ConstructorParameters<typeof PseudoTerminal>[1] = {},
): Promise<void> {
  const reason = missing()
  if (reason !== undefined) context.skip(reason)
  const console = new PseudoTerminal(['repl', '--sandbox'], { columns: 120, ...options })
  try {
    await console.prompt()
    await work(console)
  } finally {
    await console.close()
  }
}

it('R41 completes fields of words, routes and members of results by the TAB key', (context) =>
  inConsole(context, async (console) => {
    console.type(`auth0.login.password({ userna${keys.tab}`)
    await console.see('auth0.login.password({ username: ')
    console.type(keys.ctrlC)
    await console.prompt()
    console.type(`auth0.raw('GET /api/v2/users-b${keys.tab}`)
    await console.see("auth0.raw('GET /api/v2/users-by-email'")
    console.type(keys.ctrlC)
    await console.prompt()
    await console.statement('const u = await auth0.users.list().run()')
    console.type(`u.items[0].user_i${keys.tab}`)
    await console.see('u.items[0].user_id')
    console.type(keys.ctrlC)
    await console.prompt()
    // Behind a finished identifier there is nothing to complete.
    console.type("auth0.users('auth0|1'")
    await console.press(keys.tab, 2)
    console.type(')')
    expect(await console.statement('.get()')).toMatch(/^auth0\.users\('auth0\|1'\)\.get\(\)\n/)
    expect(await console.statement('"sent: " + tenant.requests.length')).toMatch(/sent: [12]\n/)
  }))
