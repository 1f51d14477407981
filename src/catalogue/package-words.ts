/** A word of the package that belongs to no operation: a function of an entry, or a member of a plan. */
interface PackageWord {
  /** Its name, as a search meets it. */
  readonly name: string
  /** How it is written. */
  readonly written: string
  /** The entry that exports it; absent for a member. */
  readonly from?: string
  readonly says: string
  /** What people call it. */
  readonly said: string
}

/** Words that a search finds beside operations. */
export const PACKAGE_WORDS: readonly PackageWord[] = [
  {
    name: 'show',
    written: 'show(value, { columns, sort, limit })',
    from: 'tenantlab',
    says: 'Draws a value as a table or a card.',
    said: 'draw a table, display a result, columns of a table, print a list',
  },
  {
    name: 'chart',
    written: 'chart(values, { by, kind, title })',
    from: 'tenantlab',
    says: 'Draws records, or runs, as a chart.',
    said: 'draw a chart, plot, graph, diagram, picture of logs, bars, histogram, heat map',
  },
  {
    name: 'watch',
    written: 'watch(planOrFlow)',
    from: 'tenantlab',
    says: 'Runs a plan or flow, and shows its progress in place.',
    said: 'progress of a run, watch a run, progress bar, time left',
  },
  {
    name: 'follow',
    written: 'follow(auth0.logs.list())',
    from: 'tenantlab',
    says: 'Shows new log events, or events, as they come.',
    said: 'follow the logs, tail the logs live, live log, stream events, new log entries as they come',
  },
  {
    name: 'secret',
    written: "await secret('NAME')",
    from: 'tenantlab',
    says: 'Reads a secret from the environment, or asks for it without showing it.',
    said: 'ask for a secret, ask for a password, hidden input, read a secret from the environment',
  },
  {
    name: 'reveal',
    written: 'reveal(value)',
    from: 'tenantlab',
    says: 'Shows a value that is hidden elsewhere, on the screen only.',
    said: 'reveal a secret, print a token, unhide a value',
  },
  {
    name: 'all',
    written: 'all({ settings: plan, roles: plan })',
    from: 'tenantlab',
    says: 'Runs several plans at once, as one flow.',
    said: 'run several plans at once, in parallel, together',
  },
  {
    name: 'connect',
    written: 'connect({ domain, clientId, clientSecret })',
    from: 'tenantlab',
    says: 'Opens a session with a tenant.',
    said: 'connect to a tenant, management client, authentication client, open a session, credentials',
  },
  {
    name: 'sandbox',
    written: 'await sandbox({ users: 50, days: 7 })',
    from: 'tenantlab/sandbox',
    says: 'Starts an embedded tenant in this process.',
    said: 'embedded tenant, test tenant, mock tenant, fake tenant, local tenant',
  },
  {
    name: 'defineRunbook',
    written: 'defineRunbook({ name, steps })',
    from: 'tenantlab/runbook',
    says: 'A file of named steps that is checked, applied, resumed and undone.',
    said: 'write a runbook, script with steps, automation',
  },
  {
    name: 'each',
    written: 'list.each((item) => plan, { concurrency })',
    says: 'A flow that does the same for every item of a list.',
    said: 'do something for each item, for every user, bulk update, bulk block, loop over a list, for each',
  },
  {
    name: 'list all',
    written: 'list.all()',
    says: 'A list with the items of all pages.',
    said: 'all pages, read every page, pagination, next page, more than one page',
  },
  {
    name: 'check',
    written: 'flow.check()',
    says: 'Sends the reads of a flow and none of its writes; says what it would change.',
    said: 'dry run, preview changes, check a flow, what would change, plan mode',
  },
  {
    name: 'diff',
    written: 'plan.diff()',
    says: 'Reads what is there, and says what the plan would change.',
    said: 'compare with the tenant, difference, preview of one change',
  },
  {
    name: 'undo',
    written: 'execution.undo()',
    says: 'Undoes what a run with a journal wrote.',
    said: 'undo a run, revert, roll back changes',
  },
  {
    name: 'andThen',
    written: 'plan.andThen((value) => plan)',
    says: 'A flow: one plan, then another that is made of its value.',
    said: 'then, chain plans, one after the other, use the result',
  },
  {
    name: 'toCurl',
    written: 'plan.toCurl()',
    says: 'The request as a curl command, without its token.',
    said: 'curl command, as curl, copy as curl',
  },
  {
    name: 'with',
    written: 'plan.with({ headers, timeout, maxRetries })',
    says: 'The same plan with options of its own.',
    said: 'request options, extra headers, timeout of a request, retries of a request',
  },
]
