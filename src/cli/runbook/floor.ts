/** Runs work whose own `connect()` may not send writes: `TENANTLAB_WRITES` is a floor for every session. */
export async function withWrites<T>(writes: 'allow' | 'check', work: () => Promise<T>): Promise<T> {
  const before = process.env.TENANTLAB_WRITES
  if (writes === 'allow' || before === 'deny') return work()
  process.env.TENANTLAB_WRITES = writes
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env.TENANTLAB_WRITES
    else process.env.TENANTLAB_WRITES = before
  }
}
