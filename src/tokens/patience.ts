/**
 * What a promise settles to, unless it takes too long or the signal is aborted.
 *
 * @param ms Milliseconds of the machine's time: a store answers in it, whatever a session's clock says.
 */
export function within<T>(ms: number, promise: PromiseLike<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      reject(new Error(`no answer within ${ms / 1000} seconds`))
    }, ms)
    if (signal?.aborted) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    const settled = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    promise.then(
      (value) => {
        settled()
        resolve(value)
      },
      (error: unknown) => {
        settled()
        reject(error)
      },
    )
  })
}
