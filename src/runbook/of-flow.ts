const ofFlows = new WeakSet<object>()

/** Remembers that a runbook is a flow, whose execution is what an interrupt ends. */
export function keepOfFlow<T extends object>(runbook: T): T {
  ofFlows.add(runbook)
  return runbook
}

/** True for the runbook of a flow. */
export function isOfFlow(runbook: object): boolean {
  return ofFlows.has(runbook)
}
