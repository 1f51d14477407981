import { expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { sandbox } from '../../src/sandbox.ts'

it.each(['a verb', 'plan JSON'])('C10 a body that is text as a whole goes out as it is, said by %s', async (way) => {
  const tenant = await sandbox({ tls: false })
  try {
    const auth0 = connect(tenant.options)
    const page = '<!DOCTYPE html>{%- auth0:head -%}{%- auth0:widget -%}'
    const op = 'branding.templates.updateUniversalLogin'
    if (way === 'a verb') await auth0.branding.templates.updateUniversalLogin(page).run()
    else await auth0.run({ v: 1, op, body: page })
    expect(tenant.requests.at(-1)).toMatchObject({ method: 'PUT', path: '/api/v2/branding/templates/universal-login' })
    expect(tenant.requests.at(-1)?.status).toBeLessThan(300)
  } finally {
    await tenant.close()
  }
})
