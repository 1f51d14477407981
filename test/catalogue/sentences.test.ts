import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const types = readFileSync(join(import.meta.dirname, '../../src/catalogue/generated/types.ts'), 'utf8')
const grammar = join(import.meta.dirname, '../../src/grammar')
const interfaces = ['generated/interfaces.ts', 'argument-types.ts']
  .map((name) => readFileSync(join(grammar, name), 'utf8'))
  .join('\n')

function membersOf(name: string, source = types): readonly (readonly [name: string, sentence: string])[] {
  const block =
    new RegExp(`^export interface ${name}(?: extends \\w+)? \\{\\n([^]*?)\\n\\}`, 'm').exec(source)?.[1] ?? ''
  return [...block.matchAll(/(?: {2}\/\*\* (.+) \*\/\n)? {2}(?:readonly )?(\w+)\??[:(]/g)].map((match) => [
    match[2] as string,
    match[1] ?? '',
  ])
}

describe('N17 what a hover says of a field', () => {
  it.each([
    'TokenQuotaClientCredentials',
    'DefaultTokenQuota',
    'NetworkAclAction',
    'NetworkAclRule',
    'CreateNetworkAcl',
    'UpdateNetworkAcl',
    'ListLogsParameters',
    'GetUserParameters',
    'ListUsersByEmailParameters',
  ])('every field of %s has a sentence', (type) => {
    const members = membersOf(type)
    expect(members.length).toBeGreaterThan(1)
    for (const [name, sentence] of members) expect(sentence, `${type}.${name}`).toMatch(/^\S.*[a-z)0-9]\.?/)
    expect(members.filter(([, sentence]) => !/[a-zA-Z]{3,}/.test(sentence))).toEqual([])
  })

  it('says what q is, beside its limits', () => {
    expect(new Map(membersOf('ListUsersParameters')).get('q')).toMatch(/Lucene/)
    expect(new Map(membersOf('ListUsersParameters')).get('per_page')).toMatch(/Records per page\. 0…100\./)
  })

  it('keeps arguments apart from answers: verify.oob() takes codes, and what carries one', () => {
    expect(interfaces).toContain('oob(answer: OobAnswer | OobReceived, code?: SecretText): Plan<Tokens>')
    expect(
      [...membersOf('OobAnswer', interfaces), ...membersOf('OobReceived', interfaces)].map(([name]) => name),
    ).toEqual(['oobCode', 'bindingCode', 'oob_code'])
  })
})
