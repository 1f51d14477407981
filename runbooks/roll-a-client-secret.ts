// Rolls the credential of an application: keys with overlap, the old one until it is retired; a client secret at once.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'roll-a-client-secret',
  description: 'Adds a new key beside the old one and retires that; rotates a client secret, which has no overlap.',
  params: z.object({
    client: z.string().min(1).describe('client_id of the application'),
    publicKey: z
      .string()
      .regex(/^-----BEGIN (PUBLIC KEY|CERTIFICATE)-----/, 'must be a public key or certificate as PEM')
      .optional()
      .describe('new public key as PEM, for an application with private_key_jwt'),
    name: z.string().default('rolled').describe('name of the new key, which no other key of the application has'),
    alg: z.enum(['RS256', 'RS384', 'PS256']).default('RS256').describe('algorithm of the new key'),
    retire: z.boolean().default(false).describe('remove the old key; run once without it, and again when all is moved'),
  }),
  async *steps({ auth0, params, step, say }) {
    const { client: id, publicKey, name, alg, retire } = params
    const client = auth0.clients(id)
    // Only these members, so that the present secret is not even read.
    const fields = 'client_id,name,client_authentication_methods'
    const found = yield* step('read application', client.get({ fields, include_fields: true }), { volatile: true })
    const used = found.client_authentication_methods?.private_key_jwt?.credentials
    if (used === undefined) {
      yield* step('rotate secret', client.rotateSecret(), {
        tags: ['rotate'],
        confirm: `${found.name ?? id} has a client secret, which knows no overlap: the old one is refused from then on. Rotate it?`,
        // Nobody has seen the new secret, so that rotating once more is the same: the check looks for what no client has.
        doneWhen: doneWhen(client.get({ fields, include_fields: true }), { client_id: '' }),
      })
      say(
        'The secret is rotated. No output and no journal holds the new one: read it where the application is deployed.',
      )
      return
    }
    const present = yield* step('read keys', client.credentials.list(), { volatile: true })
    const known = present.find((one) => one.name === name)
    const old = used.map((one) => String(one.id)).filter((one) => one !== known?.id)
    if (known === undefined && publicKey === undefined)
      throw new Error(`${found.name ?? id} uses private_key_jwt. Give the new public key as --public-key.`)
    if (known === undefined && present.length > 1) {
      throw new Error(
        `${found.name ?? id} has ${present.length} keys, and may have two. Retire one first: --name ${present.at(-1)?.name} --retire keeps that one.`,
      )
    }
    const added = yield* step(
      'add key',
      client.credentials.create({ credential_type: 'public_key', name, pem: publicKey ?? '', alg }),
      {
        when: known === undefined,
        doneWhen: doneWhen(client.credentials.list(), { name }),
        undo: ({ result }) => client.credentials(String(result.id)).delete(),
      },
    )
    const key = String((known ?? added).id)
    const uses = (ids: readonly string[]) =>
      client.update({
        client_authentication_methods: { private_key_jwt: { credentials: ids.map((each) => ({ id: each })) } },
      })
    yield* step('use both keys', uses([...old, key]), {
      when: !used.some((one) => one.id === known?.id),
      undo: uses(old),
    })
    if (!retire) {
      say('Both keys are good. Move every instance to the new one; then run this again with --retire.')
      return
    }
    yield* step('use the new key only', uses([key]), {
      when: old.length > 0,
      tags: ['retire'],
      confirm: `From then on the old key of ${found.name ?? id} is refused. Does every instance use the new one?`,
      undo: uses([...old, key]),
    })
    for (const each of old) {
      yield* step(`remove key ${each}`, client.credentials(each).delete(), {
        tags: ['retire'],
        // A key that is gone cannot come back, and undoing what stands before would leave the application without
        // one. Undo begins here, and ends here, when this read finds no key.
        undo: client.credentials(each).get(),
      })
    }
  },
})
