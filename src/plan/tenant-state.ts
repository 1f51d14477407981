// By a global symbol, as sandbox and session may come from different copies of this package.
const STATE: unique symbol = Symbol.for('tenantlab.state') as never

/**
 * Lets a dispatcher tell which state the tenant has that it leads to: what was done in one state says nothing of another.
 *
 * @param state what stands for the present state; another object once the tenant was put back.
 */
export function giveTenantState(dispatcher: object, state: () => object): void {
  Object.defineProperty(dispatcher, STATE, { value: state, configurable: true, enumerable: false })
}

/** What stands for the state of the embedded tenant that a dispatcher leads to; nothing for any other tenant. */
export function tenantStateOf(dispatcher: object): object | undefined {
  return (dispatcher as { [STATE]?: () => object })[STATE]?.()
}
