/** What both scripts answer: milliseconds to wait, limit, remaining, reset and slots in flight; -1 for what is not known. */
const ANSWER = `
local function number(name) return tonumber(redis.call('HGET', KEYS[1], name) or '') end
local function answer(wait)
  return { wait, number('limit') or -1, number('remaining') or -1, number('resetAt') or -1, redis.call('ZCARD', KEYS[2]) }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
`

/**
 * Takes a slot: KEYS state, leases, one bucket for each ceiling; ARGV holder, lease, headroom, then burst and requests per
 * second of each ceiling. While the server has told nothing of the present window, two may be in flight to find out.
 */
export const TAKE = `${ANSWER}
local pausedUntil = number('pausedUntil')
if pausedUntil and pausedUntil > now then return answer(pausedUntil - now) end
local room, wait = 2, 25
local remaining, resetAt = number('remaining'), number('resetAt')
if remaining and resetAt and resetAt > now then
  room = remaining - math.ceil(tonumber(ARGV[3]) * (number('limit') or 0))
  wait = resetAt - now
end
if redis.call('ZCARD', KEYS[2]) >= room then return answer(wait) end
local levels = {}
for index = 3, #KEYS do
  local burst, perSecond = tonumber(ARGV[index * 2 - 2]), tonumber(ARGV[index * 2 - 1])
  local level = tonumber(redis.call('HGET', KEYS[index], 'level') or burst)
  local at = tonumber(redis.call('HGET', KEYS[index], 'at') or now)
  level = math.min(burst, level + (now - at) * perSecond / 1000)
  if level < 1 then return answer(math.ceil((1 - level) * 1000 / perSecond)) end
  levels[index] = level
end
for index = 3, #KEYS do
  redis.call('HSET', KEYS[index], 'level', tostring(levels[index] - 1), 'at', now)
  redis.call('PEXPIRE', KEYS[index], 86400000)
end
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[2], 86400000)
return answer(0)
`

/** Gives a slot back: KEYS state, leases; ARGV holder, status, limit, remaining, reset in epoch milliseconds, each or ''. */
export const SETTLE = `${ANSWER}
redis.call('ZREM', KEYS[2], ARGV[1])
local limit, remaining, resetAt = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if limit then redis.call('HSET', KEYS[1], 'limit', limit) end
if ARGV[2] == '429' then
  local till = resetAt and resetAt > now and resetAt or now + 1000
  redis.call('HDEL', KEYS[1], 'remaining', 'resetAt')
  redis.call('HSET', KEYS[1], 'pausedUntil', math.max(till, number('pausedUntil') or 0))
elseif remaining and resetAt then
  local before = number('resetAt')
  if before and resetAt <= before then remaining = math.min(remaining, number('remaining') or remaining)
  else redis.call('HSET', KEYS[1], 'resetAt', resetAt) end
  redis.call('HSET', KEYS[1], 'remaining', remaining)
end
redis.call('PEXPIRE', KEYS[1], 86400000)
return answer(0)
`
