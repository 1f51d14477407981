/** A path that a server may read as another one: dots that climb, backslashes, an empty first segment. */
const DECEPTIVE = /(^|\/)\.{1,2}(;[^/]*)?(\/|$)|\\|^\/\//

/**
 * The route of a raw plan with the path that it leads to: `GET /api/v2/../x` is `GET /api/x`, so that what is judged and shown is
 * what is sent, also where something in between decodes it once more. Any other stays letter by letter.
 *
 * @param route `GET /api/v2/users?page=1`
 */
export function normalRoute(route: string): string {
  const [, method = '', path = '', rest = ''] = /^(\S+) ([^?#]*)(.*)$/s.exec(route) ?? []
  const read = asReadBelow(path)
  if (!DECEPTIVE.test(read)) return route
  const plain = read
    .replaceAll('\\', '/')
    .replaceAll(/(^|\/)(\.{1,2});[^/]*/g, '$1$2')
    .replace(/^\/+/, '/')
    .replaceAll('?', '%3F')
    .replaceAll('#', '%23')
  return `${method} ${new URL(`https://tenant.invalid${plain}`).pathname}${rest}`
}

/** The path with its dots, slashes and backslashes as they read once all is decoded, however often they were encoded. */
function asReadBelow(path: string): string {
  return path
    .replaceAll(/%(?:25)*2e/gi, '.')
    .replaceAll(/%(?:25)*5c/gi, '\\')
    .replaceAll(/%(?:25)*2f/gi, '/')
}
