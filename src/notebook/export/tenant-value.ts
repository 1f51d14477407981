import { type Book, LeftOut } from './book.ts'

type Path = readonly (string | number)[]

/**
 * What a runbook has in place of a part of the sandbox: the tenant's domain, and parameters for what the sandbox was
 * seeded with.
 *
 * @returns The expression, and how many members of the path it stands for.
 * @throws LeftOut for what no tenant has.
 */
export function valueOfTenant(book: Book, path: Path): { text: string; used: number } {
  const [what, group, next, member] = path
  if (what === 'domain') {
    book.context.add('tenant')
    return { text: 'tenant', used: 1 }
  }
  if (what !== 'seed' || typeof group !== 'string') {
    throw new LeftOut(`It needs the sandbox's ${what === undefined ? 'tenant' : String(what)}, and a tenant has none.`)
  }
  if (typeof next === 'number' && typeof member === 'string')
    return { text: book.param(paramName(group, next, member), TEXT), used: 4 }
  if (typeof next === 'string' && !isList(group)) return { text: book.param(paramName(group, 0, next), TEXT), used: 3 }
  if (typeof next === 'number' || !isList(group))
    throw new LeftOut(`It needs a whole record of the sandbox's ${group}. Name the members that it needs.`)
  return { text: book.param(group, 'z.array(z.record(z.string(), z.string()))'), used: 2 }
}

const TEXT = 'z.string()'

function isList(group: string): boolean {
  return group.endsWith('s')
}

/** `users[0].user_id` is `user_id`, `clients[1].client_id` is `client2_id`. */
function paramName(group: string, index: number, member: string): string {
  const single = group.replace(/s$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const number = index === 0 ? '' : String(index + 1)
  return `${single}${number}_${member.startsWith(`${single}_`) ? member.slice(single.length + 1) : member}`
}
