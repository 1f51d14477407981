import type { CollectOptions, EachOptions, ItemOutcome } from './each.ts'
import type { PlanEvent } from './events.ts'
import type {
  Execution,
  JournalledExecution,
  JournalOptions,
  ObservableLike,
  ObservableSource,
  RunOptions,
} from './execution.ts'
import type { Diff, Explanation, FlowExplanation } from './explanation.ts'
import type { PlanData, PlanOptions } from './plan-data.ts'
import type { Review } from './review.ts'
import type { TenantlabError } from './tenantlab-error.ts'

/** What every plan can do, that of a list included. */
export interface BasePlan<T> extends Composable<T> {
  /**
   * The plan as frozen data.
   *
   * @example
   * console.log(auth0.users(user.user_id).get().data.op)
   */
  readonly data: PlanData
  /**
   * Equal for equal plans: `sha256-…`.
   *
   * @example
   * console.log(auth0.users(user.user_id).get().hash === auth0.users(user.user_id).get().hash)
   */
  readonly hash: string
  /**
   * Sends it.
   *
   * @example
   * console.log((await auth0.users(user.user_id).get().run()).email)
   */
  run(options?: RunOptions): Execution<T>
  /**
   * A cold observable: each subscription sends, unsubscribing aborts.
   *
   * @example
   * auth0.users(user.user_id).get().events().subscribe(({ kind }) => console.log(kind))
   */
  events(): ObservableLike<PlanEvent<T>>
  /**
   * A new plan with these options over the present ones.
   *
   * @example
   * auth0.users(user.user_id).get().with({ timeout: 5000 }).run()
   */
  with(options: PlanOptions): BasePlan<T>
  /**
   * A new plan that names this custom domain.
   *
   * @example
   * auth0.users.list().customDomain('login.example.com').explain().customDomain
   */
  customDomain(domain: string): BasePlan<T>
  /**
   * What would be sent, to where, with which scopes, and what to know before.
   *
   * @example
   * console.log(auth0.users(user.user_id).get().explain().scopes)
   */
  explain(): Explanation
  /**
   * Reads the present state and shows before and after; inert until its own `run()`.
   *
   * @example
   * console.log(await auth0.users(user.user_id).update({ blocked: true }).diff().run())
   */
  diff(): Flow<Diff>
  /**
   * The plan as JSON, from which `planFrom()` makes it again; secrets stay behind.
   *
   * @example
   * console.log(JSON.stringify(auth0.users(user.user_id).get()))
   */
  toJSON(): PlanData
  /**
   * A `curl` command; secrets stand as shell variables.
   *
   * @example
   * console.log(auth0.users(user.user_id).get().toCurl())
   */
  toCurl(): string
  /**
   * The request as an `.http` file.
   *
   * @example
   * console.log(auth0.users(user.user_id).get().toHttp())
   */
  toHttp(): string
}

/** What undoes a plan, last first. */
export type UndoOf<T> = (known: {
  readonly result: T
  /** The record as it was before the write; absent where no operation reads it. */
  readonly before?: T
}) => Plan<unknown> | readonly Plan<unknown>[] | undefined

/** One request, or one request repeated by a rule stored in it. Inert: nothing is sent before `run()`. */
export interface Plan<T> extends BasePlan<T>, ObservableSource<T> {
  /**
   * A new plan with these options over the present ones.
   *
   * @example
   * auth0.users(user.user_id).get().with({ headers: { 'accept-language': 'de' } }).run()
   */
  with(options: PlanOptions): Plan<T>
  /**
   * The same plan with what undoes it, where the catalogue knows nothing, or something else is meant. It counts in every run
   * that keeps a journal.
   *
   * @param undo Gets what the plan answered, and the record before where an operation reads it; returns a plan, several, or
   *   nothing.
   * @example
   * const close = auth0.tenants.settings.update({ friendly_name: 'Closed' })
   *   .undoWith(({ before }) => auth0.tenants.settings.update({ friendly_name: before?.friendly_name ?? 'Open' }))
   */
  undoWith(undo: UndoOf<T>): Plan<T>
  /**
   * A new plan that names this custom domain.
   *
   * @example
   * auth0.tickets.changePassword({ user_id: user.user_id }).customDomain('login.example.com').explain().customDomain
   */
  customDomain(domain: string): Plan<T>
}

/** One page of a list. */
export interface Page<T> {
  /**
   * The items of this page.
   *
   * @example
   * const { items } = await auth0.users.list().run()
   * console.log(items.length)
   */
  readonly items: T[]
  /**
   * Number of all items, when the server told it.
   *
   * @example
   * console.log((await auth0.users.list({ include_totals: true }).run()).total)
   */
  readonly total?: number
  /**
   * Plan of the following page; absent on the last. Not enumerable: a page is its data.
   *
   * @example
   * const page = await auth0.users.list({ per_page: 1 }).run()
   * console.log(await page.next?.run())
   */
  readonly next?: ListPlan<T>
}

/**
 * A plan of a list. `run()` gives the first page; `for await` pulls item by item, page by page, and RxJS's `from(list)`
 * gives items the same way.
 */
export interface ListPlan<T> extends BasePlan<Page<T>> {
  /**
   * A new plan with these options over the present ones.
   *
   * @example
   * auth0.users.list().with({ query: { per_page: 5 } }).run()
   */
  with(options: PlanOptions): ListPlan<T>
  /**
   * A new plan that names this custom domain.
   *
   * @example
   * auth0.users.list().customDomain('login.example.com').explain().customDomain
   */
  customDomain(domain: string): ListPlan<T>
  /**
   * The first item, or `undefined`.
   *
   * @example
   * console.log(await auth0.users.list().first().run())
   */
  first(): Plan<T | undefined>
  /**
   * All items.
   *
   * @example
   * console.log((await auth0.roles.list().all().run()).length)
   */
  all(): Plan<T[]>
  /**
   * Up to `count` items.
   *
   * @example
   * console.log(await auth0.users.list().take(3).run())
   */
  take(count: number): Plan<T[]>
  /**
   * Sends page by page as the loop asks for them; re-iterable.
   *
   * @example
   * for await (const page of auth0.users.list({ per_page: 1 }).pages()) console.log(page.items.length)
   */
  pages(options?: RunOptions): AsyncIterable<Page<T>>
  /**
   * Sends page by page as the loop asks for items; re-iterable.
   *
   * @example
   * for await (const each of auth0.users.list()) console.log(each.email)
   */
  [Symbol.asyncIterator](): AsyncIterator<T>
}

/** What needs two different requests. Inert until `run()`. */
export interface Flow<T> extends Composable<T>, ObservableSource<T> {
  /**
   * What the flow is called in events and reviews.
   *
   * @example
   * console.log(auth0.users(user.user_id).update({ blocked: true }).diff().name)
   */
  readonly name: string
  /**
   * Sends what the flow consists of.
   *
   * @param options `journal`: the path of its file; `true` keeps it in memory, as a flow of plans does in a lab and in the
   *   console by itself, unless it is `false`. A run that finds entries in the file goes on after them.
   * @returns The execution, which can be undone where it keeps a journal. It rejects where the same run is unfinished in another
   *   journal of the folder.
   * @example
   * const run = auth0.roles.create({ name: 'auditor' }).andThen((role) => auth0.roles(role.id).update({ description: 'Reads' })).run({ journal: true })
   * await run
   * await run.undo()
   */
  run(options?: JournalOptions): JournalledExecution<T>
  /**
   * A cold observable: each subscription runs the flow, unsubscribing aborts it.
   *
   * @example
   * auth0.users(user.user_id).update({ blocked: true }).diff().events().subscribe(({ kind }) => console.log(kind))
   */
  events(): ObservableLike<PlanEvent<T>>
  /**
   * The plans that it would send, in order; what depends on an answer is said in words.
   *
   * @example
   * console.log(auth0.users(user.user_id).update({ blocked: true }).diff().explain().steps)
   */
  explain(): FlowExplanation
  /**
   * Sends the reads of the flow and none of its writes, and shows every request that it would send.
   *
   * @returns The review, which shows itself, is JSON, and can be applied unchanged.
   * @throws TenantlabError where a read fails, or a function needs a value that only a write could tell.
   * @example
   * const review = await auth0.users.list().each((user) => auth0.users(user.user_id).update({ blocked: true })).check()
   * console.log(review.writes, review.requests.map(({ route }) => route))
   */
  check(): Promise<Review>
}

/** A plan or a flow: what composes. */
export type Work<T> = BasePlan<T> | Flow<T>

/** What an `each` with `onError: 'collect'` answers: every item in the order of the list. */
export interface Collected<Item, R> {
  readonly done: number
  readonly failed: number
  readonly outcomes: readonly ItemOutcome<Item, R>[]
  /** The same again for the items that failed; inert until run. Not enumerable: the value is its data. */
  again(): Flow<Collected<Item, R>>
}

/** The members by which plans and flows compose. Each gives a new flow, which is inert until it is run. */
export interface Composable<T> {
  /**
   * Then what the function returns for the value. A condition is JavaScript in the function: return nothing to end there.
   *
   * @param next Gets the value; returns a plan or flow, not yet run.
   * @returns A flow that ends in the value of what was returned.
   * @throws ValidationError (the run rejects) when the function returns a promise or an execution.
   * @example
   * await auth0.clients.create({ name: 'night' })
   *   .andThen((client) => auth0.clients(client.client_id ?? '').quota({ perDay: 200 }))
   *   .run()
   */
  andThen<R>(next: (value: T) => Work<R>): Flow<R>
  andThen<R>(next: (value: T) => Work<R> | undefined): Flow<R | undefined>
  /**
   * The same with its value changed.
   *
   * @param change Gets the value of `run()`; returns what takes its place.
   * @example
   * const names = await auth0.roles.list().all().map((roles) => roles.map(({ name }) => name)).run()
   */
  map<R>(change: (value: T) => R): Flow<R>
  /**
   * The same with a second way for a failure. An abort is not a failure.
   *
   * @param next Gets the error; returns a plan, a flow or a value, or throws.
   * @example
   * await auth0.users('auth0|unknown').get().otherwise(() => undefined).run()
   */
  otherwise<R>(next: (error: TenantlabError) => Work<R>): Flow<T | R>
  otherwise<R>(next: (error: TenantlabError) => R): Flow<T | R>
  /**
   * Once for each item of a list: every item of every page of a list plan, or of an array. Items are visited at once as
   * far as `concurrency` and the rate limit let them; values come in the order of the list.
   *
   * @param visit Gets the item and its index; returns a plan or flow, or nothing to pass the item over.
   * @returns A flow of the values, or with `onError: 'collect'` of the outcomes.
   * @throws What the first failed item threw (the run rejects), unless `onError` is `collect`.
   * @example
   * await auth0.users.list({ q: '(NOT _exists_:logins_count) OR logins_count:0' })
   *   .each((user) => auth0.users(user.user_id ?? '').update({ blocked: true }), { concurrency: 5 })
   *   .run()
   */
  each<Item, R>(
    this: ListPlan<Item>,
    visit: (item: Item, index: number) => Work<R> | undefined,
    options: CollectOptions,
  ): Flow<Collected<Item, R>>
  each<Item, R>(
    this: Work<readonly Item[]>,
    visit: (item: Item, index: number) => Work<R> | undefined,
    options: CollectOptions,
  ): Flow<Collected<Item, R>>
  each<Item, R>(
    this: ListPlan<Item>,
    visit: (item: Item, index: number) => Work<R> | undefined,
    options?: EachOptions,
  ): Flow<R[]>
  each<Item, R>(
    this: Work<readonly Item[]>,
    visit: (item: Item, index: number) => Work<R> | undefined,
    options?: EachOptions,
  ): Flow<R[]>
}
