import type {
  BuildPolling,
  Client,
  Every,
  EveryOptions,
  EveryUsersQuery,
  ImportedUsers,
  ImportOptions,
  Job,
  JobPolling,
  ManagementTree,
  OperationRow,
  Organization,
  TenantWords,
  TokenQuota,
  User,
  UserImportRecord,
  UsersExportQuery,
} from '../catalogue/index.ts'
import { openNames } from '../catalogue/index.ts'
import type { Bind, Flow, Json, JsonObject, Plan, PlanData, Runner, SecretValues } from '../plan/index.ts'
import { planData } from '../plan/index.ts'
import type { Tokens } from './answers.ts'
import type { ClientOptions, SecretText } from './argument-types.ts'
import type { AuthenticationWords, MfaWords } from './generated/index.ts'
import { dressWords } from './help/index.ts'
import type { InteractiveOptions } from './interactive.ts'
import { giveSdkWords } from './signposts.ts'
import type { TokenInspection } from './token-inspection.ts'
import { contextOf, managementTree, type NodeContext, type TreeWords } from './tree.ts'
import { cleanArgument } from './tree-json.ts'
import type { PlanWords } from './tree-verb.ts'
import {
  authorizeWords,
  databaseWords,
  deviceWords,
  type LinkContext,
  loginWords,
  logoutWords,
  mfaWords,
  networkAclRule,
  passwordlessWords,
  quotaBody,
  registerWord,
  revokeWord,
  secretText,
  tenantWords,
  userInfoWord,
} from './words/index.ts'

/** Everything that can be said of a tenant: the Management API's resource tree and the Authentication API's words. */
export interface Auth0Grammar extends ManagementTree, AuthenticationWords {
  /**
   * The tenant itself.
   *
   * @example
   * auth0.tenant().quotas().get().run()
   */
  tenant(): TenantWords
  /**
   * Reads a token without verifying it: claims, times, scopes, and the operations that it may call. Sends nothing.
   *
   * @throws ValidationError when it is no text.
   * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
   * @example
   * const { access_token } = await auth0.login.clientCredentials().run()
   * console.log(auth0.inspect(access_token).scopes)
   */
  inspect(token: SecretText): TokenInspection
}

/** Flows that words of the grammar end in; given from outside, since they need to run plans. */
export interface GrammarFlows {
  /** Goes on with a login; `mfa` speaks for the error that asks for a second factor. */
  interactive(
    login: Plan<Tokens>,
    mfa: (error: unknown) => MfaWords,
    runner: Runner,
    options?: InteractiveOptions,
  ): Flow<Tokens>
  inspect(token: string): TokenInspection
  /** Sends a write that replaces whole, with what is there now; `take` takes the secrets out of what was read. */
  keepRest(
    data: PlanData,
    row: OperationRow,
    secrets: SecretValues,
    how: { readonly runner: Runner; readonly take: (body: Json) => { json: Json; secrets: SecretValues } },
  ): Flow<unknown>
  whenBuilt(data: PlanData, deploy: Plan<unknown>, runner: Runner, options?: BuildPolling): Flow<unknown>
  everyUser(query: JsonObject, options?: EveryOptions): Every<User>
  exportUsers(query: UsersExportQuery, options?: JobPolling): Every<string>
  importUsers(
    users: Iterable<UserImportRecord> | AsyncIterable<UserImportRecord>,
    options: ImportOptions,
  ): Flow<ImportedUsers>
  jobFinished(id: string, look: Plan<Job>, runner: Runner, options?: JobPolling): Flow<Job>
}

/** What the grammar needs besides `bind`. */
export interface GrammarContext {
  readonly runner: Runner
  readonly flows: GrammarFlows
  readonly links: LinkContext
}

/**
 * The grammar over a way to bind plans. Pure: no word sends anything.
 *
 * @param bind Gets the data of every verb, and gives the plan that the verb answers.
 */
export function grammar(bind: Bind, context: GrammarContext): Auth0Grammar {
  const { flows, runner, links } = context
  const mfa = (tokenOrError: unknown, client?: ClientOptions): MfaWords => mfaWords(bind, tokenOrError, client)
  const words = {
    login: loginWords(
      bind,
      () => `https://${links.domain()}/`,
      (login, options) => flows.interactive(login, mfa, runner, options),
    ),
    mfa,
    passwordless: passwordlessWords(bind),
    device: deviceWords(bind),
    database: databaseWords(bind),
    authorize: authorizeWords(links, bind),
    register: registerWord(bind),
    logout: logoutWords(links),
    tenant: () => tenantWords(bind, runner),
    inspect: (token: SecretText) => flows.inspect(secretText(token, 'auth0.inspect() needs the token')),
    userInfo: userInfoWord(bind),
    revoke: revokeWord(bind),
  }
  dressWords(words, '')
  for (const [name, word] of Object.entries(words)) giveSdkWords(word, name)
  return Object.assign(managementTree(bind, treeWords(context), planWordsOf(bind, context)), words)
}

/** Writes that replace whole can keep the rest, and a deployment can wait for the build. */
function planWordsOf(bind: Bind, { runner, flows }: GrammarContext): PlanWords {
  return (row, data, secrets) => {
    if (row.id === 'actions.deploy') {
      return { whenBuilt: (options?: BuildPolling) => flows.whenBuilt(data, bind(data, secrets), runner, options) }
    }
    if (row.twin === undefined || row.body === undefined || row.merge === undefined || row.merge === 'remove') return
    const take = (body: Json) => cleanArgument(body, row.secretBody, openNames(row), Object.keys(secrets))
    return { keepRest: () => flows.keepRest(data, row, secrets, { runner, take }) }
  }
}

function treeWords({ runner, flows }: GrammarContext): TreeWords {
  const firstId = (node: NodeContext): string => node.calls[0]?.[0] ?? ''
  return {
    'clients()': {
      quota(quota: TokenQuota | null): Plan<Client> {
        const node = contextOf(this)
        const body = { token_quota: quotaBody('auth0.clients(id).quota', quota) }
        return node.bind<Client>(planData({ op: 'clients.update', params: { id: firstId(node) }, body }))
      },
    },
    'organizations()': {
      quota(quota: TokenQuota | null): Plan<Organization> {
        const node = contextOf(this)
        const body = { token_quota: quotaBody('auth0.organizations(id).quota', quota) }
        return node.bind<Organization>(planData({ op: 'organizations.update', params: { id: firstId(node) }, body }))
      },
    },
    'jobs()': {
      finished(options?: JobPolling): Flow<Job> {
        const node = contextOf(this)
        const id = firstId(node)
        return flows.jobFinished(id, node.bind<Job>(planData({ op: 'jobs.get', params: { id } })), runner, options)
      },
    },
    users: {
      every(query: EveryUsersQuery = {}, options?: EveryOptions): Every<User> {
        contextOf(this)
        return flows.everyUser(cleanArgument(query, []).json as JsonObject, options)
      },
      export(query: UsersExportQuery = {}, options?: JobPolling): Every<string> {
        contextOf(this)
        return flows.exportUsers(cleanArgument(query, []).json as UsersExportQuery, options)
      },
      import(
        users: Iterable<UserImportRecord> | AsyncIterable<UserImportRecord>,
        options: ImportOptions,
      ): Flow<ImportedUsers> {
        contextOf(this)
        return flows.importUsers(users, options)
      },
    },
    networkAcls: {
      rule() {
        return networkAclRule(contextOf(this).bind)
      },
    },
  }
}
