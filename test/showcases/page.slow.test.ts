import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runTour, type TourFlow, tourFlows } from '../../src/cli/tour/index.ts'
import { textOf } from '../../src/notebook/index.ts'
import { shownBy, stored } from '../notebooks/stored.ts'
import { isPrinted, isRequestOf, pageLines, type RecordedRequest } from './page-lines.ts'

// Every call, printed field and rule of the examples page, as short as it can be named: what the list of lines must have.
const PAGE = [
  ...[
    'new AuthenticationApiClient("my.custom.domain")',
    'IAuthenticationConnection.GetAsync',
    'IAuthenticationConnection.SendAsync',
  ],
  ...[
    'CancellationToken',
    'authConnection)',
    'ClientCredentialsTokenRequest { Audience',
    'Access Token',
    'Refresh Token',
    'Id Token',
  ],
  ...[
    'Token Type',
    'Expires In',
    'ResourceOwnerTokenRequest',
    'ErrorApiException',
    'ExtraData["mfa_token"]',
    'AssociateMfaAuthenticatorAsync',
  ],
  ...[
    'MfaOobTokenRequest',
    'MfaChallenge',
    'ListMfaAuthenticatorsAsync',
    'DeleteMfaAuthenticatorAsync',
    'ClientCredentialsTokenProvider',
  ],
  ...[
    'Users.ListAsync',
    'DelegateTokenProvider',
    'Audience = "https://my.custom.domain/api/v2/"',
    'BaseUrl = "https://my.custom.domain/api/v2"',
  ],
  ...['Tenants.Settings.UpdateAsync', 'Clients.UpdateAsync', 'Organizations.UpdateAsync', 'Jobs.Errors.GetAsync'],
  ...[
    'User object',
    'Error Code',
    'Error Message',
    'Error Path',
    'Job Type',
    'Job Status:',
    'Job Id',
    'Job Connection Id',
    'Job Created At',
  ],
  ...['Job Status Details', 'Match(importErrors', 'Match(…, genericError', 'TryGetListOf', 'TryGetGetJobGeneric'],
  ...[
    'NetworkAcls.CreateAsync',
    'NetworkAcls.ListAsync',
    'Network ACL ID',
    'Description: …',
    'Priority: …',
    'Active: …',
    'Created At: …',
  ],
  ...['Updated At: …', 'NetworkAcls.GetAsync', 'NetworkAcls.UpdateAsync', 'NetworkAcls.SetAsync'],
  ...[
    'POST /api/v2/tickets/email-verification',
    'POST /api/v2/tickets/password-change',
    'POST /api/v2/organizations/{id}/invitations',
  ],
  ...[
    'POST /api/v2/guardian/enrollments/ticket',
    'POST /api/v2/jobs/verification-email',
    'POST /api/v2/jobs/users-imports',
  ],
  ...[
    'POST /api/v2/users',
    'PATCH /api/v2/users/{id}',
    'CustomDomain = "login.mycompany.com"',
    'Ticket URL',
    'stripped from all others',
  ],
  ...[
    'CustomDomainHeader.For("login.mycompany.com"), Tickets',
    'Organizations.Invitations.CreateAsync',
    'MaxRetries = 1',
  ],
  ...['new CustomDomainInterceptor()', 'Without it the header is still sent'],
]

interface Heard {
  readonly text: string
  readonly sent: readonly RecordedRequest[]
}

describe('N16: the examples page, line by line', () => {
  const heard = new Map<string, Heard>()
  beforeAll(async () => {
    for (const flow of flowsOf(pageLines.map((line) => line.flow))) heard.set(flow.flow, await hear(flow))
  }, 120_000)

  it('has no gap', () => {
    expect(PAGE.filter((each) => !pageLines.some(({ line }) => line.includes(each)))).toEqual([])
    for (const { line, request, prints } of pageLines) expect(request ?? prints, line).toBeDefined()
  })

  it.each(pageLines)(
    'is done by the cell that it names: $line',
    ({ line, notebook, cell, shows, called, prints = [] }) => {
      const { cells } = stored.find(({ name }) => name === `${notebook}.ipynb`)?.notebook ?? { cells: [] }
      const found = cells.find(({ id }) => id === cell)
      expect(textOf(found?.source), line).toContain(shows)
      if (called !== undefined) expect(cells.some(({ source }) => textOf(source).includes(called))).toBe(true)
      const shown = shownBy(found?.outputs ?? [])
      for (const text of prints) expect(isPrinted(text, shown), `${text} in ${shown}`).toBe(true)
    },
  )

  it.each(pageLines)(
    "is called by its flow with the page's own parameters: $line",
    ({ flow, request, prints = [] }) => {
      const { sent = [], text = '' } = heard.get(flow) ?? {}
      for (const each of prints) expect(isPrinted(each, text), `${each} in ${text}`).toBe(true)
      if (request === undefined) return
      const near = sent.filter(({ method }) => method === request.method)
      expect(
        sent.some((each) => isRequestOf(request, each)),
        JSON.stringify(near, null, 1),
      ).toBe(true)
    },
  )

  it('stands in the docs', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'flows.md'), 'utf8')
    expect(pageLines.filter(({ line }) => !text.includes(line.replaceAll('|', '\\|')))).toEqual([])
  })
})

function flowsOf(names: readonly string[]): readonly TourFlow[] {
  return [...new Set(names)].map((name) => {
    const flow = tourFlows.find((each) => each.flow === name)
    if (flow === undefined) throw new Error(`The tour has no flow ${name}.`)
    return flow
  })
}

async function hear(flow: TourFlow): Promise<Heard> {
  const text: string[] = []
  const [result] = await runTour({ mode: 'full', flows: [flow], write: (line) => text.push(line) })
  expect(result?.status, `${flow.flow}: ${String(result?.error)}`).toBe('ok')
  return { text: text.join('\n'), sent: result?.sent ?? [] }
}
