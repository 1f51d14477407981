import { andThen, each, type MakeFlow, map, otherwise } from '../../flow/index.ts'
import type { Collected, CollectOptions, EachOptions, Flow, ListPlan, TenantlabError, Work } from '../../plan/index.ts'

/** How a plan or flow makes the flows that begin with it; no printing and no completion sees it. */
export const makeFlows = Symbol('makeFlows')

/** The members by which the plans and flows of a session compose; what they do is said at `Composable`. */
export abstract class Composing<T> {
  abstract [makeFlows](): MakeFlow

  andThen<R>(next: (value: T) => Work<R>): Flow<R>
  andThen<R>(next: (value: T) => Work<R> | undefined): Flow<R | undefined>
  andThen<R>(next: (value: T) => Work<R> | undefined): Flow<R | undefined> {
    return andThen(this.#work, next, this[makeFlows]())
  }

  map<R>(change: (value: T) => R): Flow<R> {
    return map(this.#work, change, this[makeFlows]())
  }

  otherwise<R>(next: (error: TenantlabError) => Work<R>): Flow<T | R>
  otherwise<R>(next: (error: TenantlabError) => R): Flow<T | R>
  otherwise<R>(next: (error: TenantlabError) => Work<R> | R): Flow<T | R> {
    return otherwise(this.#work, next, this[makeFlows]())
  }

  each<Item, R>(
    this: ListPlan<Item> | Work<readonly Item[]>,
    visit: (item: Item, index: number) => Work<R> | undefined,
    options: CollectOptions,
  ): Flow<Collected<Item, R>>
  each<Item, R>(
    this: ListPlan<Item> | Work<readonly Item[]>,
    visit: (item: Item, index: number) => Work<R> | undefined,
    options?: EachOptions,
  ): Flow<R[]>
  each<Item, R>(
    visit: (item: Item, index: number) => Work<R> | undefined,
    options?: EachOptions,
  ): Flow<R[] | Collected<Item, R>> {
    return each(this.#work as unknown as ListPlan<Item>, visit, options, this[makeFlows]())
  }

  get #work(): Work<T> {
    return this as unknown as Work<T>
  }
}
