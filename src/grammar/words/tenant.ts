import type {
  DefaultTokenQuota,
  TenantQuotas,
  TenantQuotasPlan,
  TenantSettings,
  TenantWords,
} from '../../catalogue/index.ts'
import type { Bind, Flow, Json, Runner } from '../../plan/index.ts'
import { isJsonObject, planData } from '../../plan/index.ts'
import { halfSaid } from './half-said.ts'
import { type QuotaLevels, quotaBody } from './quota.ts'

const PLACE = 'auth0.tenant().quotas()'

/** `auth0.tenant()`. */
export function tenantWords(bind: Bind, runner: Runner): TenantWords {
  const present = planData({
    op: 'tenants.settings.get',
    query: { fields: 'default_token_quota' },
    pick: 'default_token_quota',
  })
  const update = (levels: QuotaLevels) =>
    planData({ op: 'tenants.settings.update', body: { default_token_quota: levels } })

  const keepRest = (levels: QuotaLevels): Flow<TenantSettings> =>
    runner.flow<TenantSettings>(
      'keepRest',
      () => [
        { purpose: 'read the default quotas that are there now', plan: present },
        { purpose: 'replace them by the named levels and what was there of the others', plan: update(levels) },
      ],
      async (context) => {
        const before = (await context.run(bind<Json>(present))) ?? null
        const merged = { ...(isJsonObject(before) ? before : {}), ...levels }
        return context.run(bind<TenantSettings>(update(merged)))
      },
    )

  const chain = (levels: QuotaLevels): TenantQuotasPlan =>
    bind<TenantSettings>(update(levels), undefined, {
      clients: (quota: Parameters<TenantQuotas['clients']>[0]) =>
        chain({ ...levels, clients: quotaBody(`${PLACE}.clients`, quota) }),
      organizations: (quota: Parameters<TenantQuotas['organizations']>[0]) =>
        chain({ ...levels, organizations: quotaBody(`${PLACE}.organizations`, quota) }),
      keepRest: () => keepRest(levels),
    }) as TenantQuotasPlan

  const quotas: TenantQuotas = {
    clients: (quota) => chain({ clients: quotaBody(`${PLACE}.clients`, quota) }),
    organizations: (quota) => chain({ organizations: quotaBody(`${PLACE}.organizations`, quota) }),
    get: () => bind<DefaultTokenQuota>(present),
  }
  const next = ['clients({ perDay, perHour, enforce })', 'organizations({ perDay, perHour, enforce })', 'get()']
  const words = { quotas: () => halfSaid(quotas, PLACE, next) }
  return halfSaid(words, 'auth0.tenant()', ['quotas()'])
}
