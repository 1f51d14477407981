import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Json } from '../../src/plan/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import type { Session } from '../../src/session/index.ts'
import { movingClock } from './support.ts'

/** What a shipped runbook is taken through, by itself and by the command. */
export interface ShippedCase {
  /** Brings the seeded tenant to where the runbook begins, and answers the parameters. */
  readonly prepare: (auth0: Session, tenant: Sandbox) => Promise<Record<string, Json>>
  /** Parameters of a run that is taken back whole, where those above make what cannot be. */
  readonly undoable?: Readonly<Record<string, Json>>
  /** True where only a run can be taken back whole: what is applied from a plan file leaves something behind. */
  readonly appliedForGood?: boolean
  /** What of the tenant the runbook changes, besides clients and users. */
  readonly watched?: (auth0: Session) => PromiseLike<unknown>
  /** What no journal and no plan file may contain. */
  readonly secrets?: (auth0: Session) => Promise<readonly string[]>
  /** The clock of the session, where the runbook waits. */
  readonly clock?: (tenant: Sandbox) => Clock
  /** Lets pass what the tenant does by itself, before its state is looked at. */
  readonly settle?: (tenant: Sandbox) => void
  /** Parameters that make the command wait no hour. */
  readonly hasty?: Readonly<Record<string, Json>>
  /** True for a runbook that only reads. */
  readonly readsOnly?: boolean
}

const DATABASE = 'Username-Password-Authentication'
const MINUTE = 60_000
const HASH = `$2b$10$${'a'.repeat(53)}`

const pem = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
const [first, second] = [pem(), pem()]

/** An application that authenticates with a key. */
export async function keyedClient(auth0: Session): Promise<string> {
  const client = await auth0.clients
    .create({
      name: 'Keyed job',
      app_type: 'non_interactive',
      client_authentication_methods: {
        private_key_jwt: { credentials: [{ credential_type: 'public_key', name: 'first', pem: first }] },
      },
    })
    .run()
  return String(client.client_id)
}

/** A second key for it. */
export const secondKey = second

/** As many tokens for the machine-to-machine application of the seed. */
export async function useTokens(auth0: Session, tenant: Sandbox, times: number): Promise<void> {
  const [, machine] = tenant.seed.clients
  const asJob = auth0.login.clientCredentials({
    audience: `https://${tenant.domain}/api/v2/`,
    clientId: String(machine?.client_id),
    clientSecret: String(machine?.client_secret),
  })
  await Promise.all(Array.from({ length: times }, () => asJob.run()))
}

/** Roles and metadata for the first user of the seed. */
export async function giveRoles(auth0: Session, tenant: Sandbox): Promise<void> {
  const id = tenant.seed.users[0]?.user_id ?? ''
  await auth0
    .users(id)
    .roles.assign({ roles: tenant.seed.roles.map((role) => role.id) })
    .run()
  await auth0
    .users(id)
    .update({ user_metadata: { colour: 'green' }, app_metadata: { plan: 'gold' } })
    .run()
}

const secretsOf = async (auth0: Session) =>
  (await auth0.clients.list({}).all().run()).flatMap(({ client_secret }) => client_secret ?? [])

async function ofEachUser<T>(auth0: Session, read: (id: string) => PromiseLike<T>): Promise<readonly T[]> {
  const users = await auth0.users.list({}).all().run()
  return Promise.all(users.map(({ user_id }) => read(user_id ?? '')))
}

/** Jobs take a few seconds, for which the clock is moved; longer and shorter timers are those of requests. */
export const jobClock = ({ clock, options }: Sandbox): Clock => ({
  now: () => clock.now(),
  after(ms, task) {
    if (ms < 2000 || ms > 10_000) return options.clock.after(ms, task)
    const moving = setImmediate(() => {
      clock.advance(ms)
      task()
    })
    return () => clearImmediate(moving)
  },
})

/** Every shipped runbook by its name. */
export const shippedCases: Readonly<Record<string, ShippedCase>> = {
  'block-a-country': {
    prepare: async () => ({ country: 'IM' }),
    watched: (auth0) => auth0.networkAcls.list().all().run(),
    clock: movingClock,
    hasty: { minutes: 0.001 },
  },
  'clean-up-users': {
    prepare: async () => ({ before: '2030-01-01' }),
  },
  'links-to-a-custom-domain': {
    prepare: async (_, tenant) => ({ domain: 'id.globex.example', proof: tenant.seed.users[0]?.user_id ?? '' }),
    watched: (auth0) => Promise.all([auth0.customDomains.list().all().run(), auth0.customDomains.getDefault().run()]),
  },
  'quotas-of-an-organization': {
    prepare: async () => ({ organization: 'acme', perDay: 100 }),
    secrets: secretsOf,
  },
  'tighten-quotas-by-use': {
    async prepare(auth0, tenant) {
      const [, machine] = tenant.seed.clients
      await auth0
        .clients(String(machine?.client_id))
        .update({ token_quota: { client_credentials: { per_day: 1000, enforce: false } } })
        .run()
      await useTokens(auth0, tenant, 12)
      return { from: '2000-01-01', to: '2100-01-01', margin: 1.5, least: 2 }
    },
    secrets: secretsOf,
  },
  'roll-a-client-secret': {
    prepare: async (auth0) => ({ client: await keyedClient(auth0), publicKey: second, name: 'second', retire: true }),
    undoable: { retire: false },
    appliedForGood: true,
    watched: async (auth0) => {
      const [client] = (await auth0.clients.list({}).all().run()).filter(({ name }) => name === 'Keyed job')
      return auth0.clients(String(client?.client_id)).credentials.list().run()
    },
    secrets: secretsOf,
  },
  'move-users-between-connections': {
    async prepare(auth0, tenant) {
      await giveRoles(auth0, tenant)
      return { from: DATABASE, to: 'email' }
    },
    watched: (auth0) => ofEachUser(auth0, (id) => auth0.users(id).roles.list().all().run()),
  },
  'enrol-users-in-mfa': {
    async prepare(auth0, tenant) {
      for (const { user_id, phone_number } of tenant.seed.users)
        await auth0
          .users(user_id)
          .update({ user_metadata: { phone: phone_number } })
          .run()
      return { query: `identities.connection:"${DATABASE}"`, by: 'phone', phone: 'user_metadata.phone' }
    },
    watched: (auth0) => ofEachUser(auth0, (id) => auth0.users(id).authenticationMethods.list().all().run()),
  },
  'retry-failed-imports': {
    async prepare(auth0, tenant) {
      const { email, user_id } = tenant.seed.users[1] ?? {}
      await auth0
        .users(String(user_id))
        .update({ given_name: 'Before', user_metadata: { kept: 1 } })
        .run()
      const job = await auth0.jobs.usersImports
        .create({
          connection_id: tenant.seed.connection.id,
          send_completion_email: false,
          users: [
            { email: 'good@example.com' },
            { email: String(email), given_name: 'After', user_metadata: { extra: 2 }, password_hash: HASH },
            { email: 'picture@example.com', picture: 'no address', nickname: 'Kept' },
            { email: 'shoes@example.com', shoe_size: 43 },
            { email: 'hash@example.com', password_hash: HASH, picture: 'no address' },
            { email: 'taken@example.com', user_id: String(user_id).replace('auth0|', '') },
            { nickname: 'nobody' },
          ] as never,
        })
        .run()
      tenant.clock.advance(MINUTE)
      return { jobs: [String(job.id)] }
    },
    // Who was added is known only once the import is over, which a plan file does not wait for.
    appliedForGood: true,
    secrets: async () => [HASH],
    clock: jobClock,
    settle: (tenant) => tenant.clock.advance(MINUTE),
  },
  'nightly-snapshot': {
    prepare: async () => ({ folder: mkdtempSync(join(tmpdir(), 'shipped-snapshots-')) }),
    readsOnly: true,
    secrets: secretsOf,
  },
}

/** The state of a tenant as far as a shipped runbook may change it, without the times at which records were touched. */
export async function stateOf(auth0: Session, tenant: Sandbox, { settle, watched }: ShippedCase): Promise<unknown> {
  settle?.(tenant)
  const state = [
    await auth0.clients.list({}).all().run(),
    (await auth0.users.list({}).all().run()).toSorted((a, b) => String(a.email).localeCompare(String(b.email))),
    await watched?.(auth0),
  ]
  const text = JSON.stringify(state, (key, value) => {
    if (key === 'updated_at' || value === null) return undefined
    if (key.endsWith('_metadata') && Object.keys(value).length === 0) return undefined
    // A user who was let in again says so; one who never was blocked says nothing.
    return key === 'blocked' && value === false ? undefined : value
  })
  return JSON.parse(text)
}

/** The state with the ids of new records by their kind: the order of requests decides how the sandbox draws them. */
export function shapeOf(state: unknown): unknown {
  const text = JSON.stringify(state)
    .replace(/cred_\w{22}/g, 'cred')
    .replace(/"kid":"[^"]*"/g, '"kid":""')
    .replace(/acl_\w{22}/g, 'acl')
    .replace(/(sms|voice)\|dev_\w{16}/g, '$1')
    .replace(/(email|auth0)\|[0-9a-f]{24}/g, '$1')
    .replace(/"user_id":"[0-9a-f]{24}"/g, '"user_id":""')
    .replace(/"created_at":"[^"]*"/g, '"created_at":""')
  return JSON.parse(text)
}
