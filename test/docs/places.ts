import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './snippets.ts'

/** Something that a reader calls or fills in, as an editor shows it. */
export interface Place {
  /** `index: Plan.run` */
  readonly name: string
  readonly kind: 'function' | 'options' | 'word' | 'member'
  readonly hasExample: boolean
}

const ENTRIES = ['index', 'rx', 'runbook', 'sandbox']
/** Interfaces all of whose members a reader meets at every plan. */
const PLANS = ['BasePlan', 'Plan', 'ListPlan', 'Execution', 'Flow', 'Composable', 'Page', 'PasswordLoginPlan']
/** Interfaces of words, and of the session. */
const WORDS =
  /Words$|^Mfa(Enroll|Challenge|Verify)$|^Authenticator(sCollection|Resource)$|^(Session|SessionTokens|Auth0Grammar|TenantQuotas|NetworkAclRuleBuilder)$/
/** What a request or an answer of the Management API is made of: data, not options. */
const RECORDS = /^(Connection|UpdateConnection|SelfService|TenantSettings|FormField|FedCM|NativeSocial)/
const OPTIONS =
  /(Options|Login|Polling|Query)$|^(BackchannelStart|DeviceStart|DatabaseSignup|DatabasePasswordChange|RegisterApplication|Passwordless(Email|Sms)|TokenQuota|OobAnswer|RawRequest)$/

/** Every place of the declarations that shall have an `@example`. */
export function places(): Place[] {
  return ENTRIES.flatMap((entry) => {
    const path = join(root, 'dist', `${entry}.d.ts`)
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
    const exported = exportedNames(source)
    return source.statements.flatMap((statement) => placesOf(statement, entry, exported))
  })
}

function exportedNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>()
  for (const statement of source.statements) {
    const exported = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
    if (ts.isFunctionDeclaration(statement) && exported?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      names.add(statement.name?.text ?? '')
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue
    if (!ts.isNamedExports(statement.exportClause)) continue
    for (const { name } of statement.exportClause.elements) names.add(name.text)
  }
  return names
}

function placesOf(statement: ts.Statement, entry: string, exported: ReadonlySet<string>): Place[] {
  if (ts.isFunctionDeclaration(statement) && statement.name !== undefined && exported.has(statement.name.text)) {
    return [{ name: `${entry}: ${statement.name.text}`, kind: 'function', hasExample: hasExample(statement) }]
  }
  if (!ts.isInterfaceDeclaration(statement)) return []
  const { text } = statement.name
  if (PLANS.includes(text) || WORDS.test(text)) {
    const kind = PLANS.includes(text) ? 'member' : 'word'
    return statement.members.map((member) => ({
      name: `${entry}: ${text}.${member.name?.getText() ?? '()'}`,
      kind,
      hasExample: hasExample(member),
    }))
  }
  if (!OPTIONS.test(text) || RECORDS.test(text)) return []
  return [{ name: `${entry}: ${text}`, kind: 'options', hasExample: hasExample(statement) }]
}

const hasExample = (node: ts.Node): boolean => ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'example')
