import { expect, it } from 'vitest'
import { compileAsTslab } from '../types/compile.ts'

it('gives steps the types of their plans in the mode of notebooks', () => {
  const code = `
import { connect } from 'tenantlab'
import { defineRunbook, doneWhen, runRunbook } from 'tenantlab/runbook'
export const params = { parse: (input: unknown): { name: string } => input as { name: string } }
export const book = defineRunbook({
  name: 'book',
  params,
  async *steps({ auth0, params, step }) {
    const client = yield* step('create', auth0.clients.create({ name: params.name }), {
      doneWhen: doneWhen(auth0.clients.list({}).all(), (all) => all.find((each) => each.name === params.name)),
      undo: ({ result }) => auth0.clients(result.client_id).delete(),
    })
    const id: string = client.client_id
    const first = yield* step('first', auth0.users.list({}).first())
    const email: string = first.email
    // @ts-expect-error a client has no such member
    client.no_such_member
    // @ts-expect-error the parameters have no such member
    params.no_such_member
    return { id, email }
  },
})
`
  const verdict = compileAsTslab([{ name: 'runbook-types', code }]).get('runbook-types')
  expect(verdict?.errors).toEqual([])
})
