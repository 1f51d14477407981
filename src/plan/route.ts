/** A path that a server may read as another one: dots that climb, backslashes, an empty first segment. */
const DECEPTIVE = /(^|\/)(\.|%2e){1,2}(\/|$)|\\|%5c|^\/\//i

/**
 * The route of a raw plan with the path that it leads to: `GET /api/v2/../x` is `GET /api/x`, so that what is judged and shown is
 * what is sent. Any other stays letter by letter.
 *
 * @param route `GET /api/v2/users?page=1`
 */
export function normalRoute(route: string): string {
  const [, method = '', path = '', rest = ''] = /^(\S+) ([^?#]*)(.*)$/s.exec(route) ?? []
  if (!DECEPTIVE.test(path)) return route
  const plain = path.replaceAll(/\\|%5c/gi, '/').replace(/^\/+/, '/')
  return `${method} ${new URL(`https://tenant.invalid${plain}`).pathname}${rest}`
}
