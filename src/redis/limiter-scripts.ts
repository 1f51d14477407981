/**
 * What both scripts begin with. KEYS: what the server told, the slots in use (score: end of their lease), the processes that
 * wait, and a bucket for each ceiling. ARGV[1]: the headroom.
 *
 * `room()` answers how many may be in flight, and the milliseconds after which time alone changes that. While nothing is
 * known of the present window, two requests find out; where answers come without headers, nothing is limited.
 */
const BEGIN = `
local state, held, askers = KEYS[1], KEYS[2], KEYS[3]
local headroom = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', held, '-inf', now)
redis.call('ZREMRANGEBYSCORE', askers, '-inf', now)
local function number(name) return tonumber(redis.call('HGET', state, name) or '') end
local function room()
  local paused, remaining, resetAt, limit = number('pausedUntil'), number('remaining'), number('resetAt'), number('limit')
  if paused and paused > now then return 0, paused - now end
  if remaining and resetAt and resetAt > now then
    return remaining - math.ceil(headroom * (limit or 0)), resetAt - now
  end
  if number('cautious') then return 2, 25 end
  if number('silent') then return 1000000, 25 end
  if #KEYS > 3 and headroom == 0 then return limit or 1000000, 25 end
  return 2, 25
end
local function answer(granted, wait)
  return { granted, wait, number('limit') or -1, number('remaining') or -1, number('resetAt') or -1, redis.call('ZCARD', held) }
end
`

/**
 * Takes slots for the first of those who wait in a process. ARGV: headroom, process, how many wait, burst and requests per
 * second of each ceiling, then holder and lease of each slot that is asked for. A process takes its share of what is free
 * and asks again at once, so that none takes all. Answers what was granted and the milliseconds to wait.
 */
export const TAKE = `${BEGIN}
local process, count = ARGV[2], tonumber(ARGV[3])
redis.call('ZADD', askers, now + 2000, process)
redis.call('PEXPIRE', askers, 86400000)
local most, wait = room()
local free = most - redis.call('ZCARD', held)
if free < 1 then return answer(0, wait) end
local levels, slowest = {}, 0
for index = 4, #KEYS do
  local burst, perSecond = tonumber(ARGV[index * 2 - 4]), tonumber(ARGV[index * 2 - 3])
  local level = tonumber(redis.call('HGET', KEYS[index], 'level') or burst)
  local at = tonumber(redis.call('HGET', KEYS[index], 'at') or now)
  level = math.min(burst, level + (now - at) * perSecond / 1000)
  levels[index] = level
  if level < 1 then slowest = math.max(slowest, math.ceil((1 - level) * 1000 / perSecond)) end
  free = math.min(free, math.floor(level))
end
if free < 1 then return answer(0, slowest) end
local granted = math.min(count, math.max(1, math.floor(free / redis.call('ZCARD', askers))))
for index = 4, #KEYS do
  redis.call('HSET', KEYS[index], 'level', tostring(levels[index] - granted), 'at', now)
  redis.call('PEXPIRE', KEYS[index], 86400000)
end
local first = 4 + (#KEYS - 3) * 2
for index = first, first + granted * 2 - 2, 2 do
  redis.call('ZADD', held, now + tonumber(ARGV[index + 1]), ARGV[index])
end
redis.call('PEXPIRE', held, 86400000)
if granted == count then redis.call('ZREM', askers, process) end
return answer(granted, 0)
`

/**
 * Gives slots back. ARGV: headroom, status, limit, remaining, reset and date in epoch milliseconds of the server's clock,
 * retry-after in milliseconds, each or '', then the lease and the holders. Answers a wait of 0 where slots are free now.
 *
 * The server's clock is read by its Date header: every answer bounds the difference to Redis's clock from both sides.
 */
export const SETTLE = `${BEGIN}
local status, limit, remaining, reset, date = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local retryAfter, lease = tonumber(ARGV[7]), tonumber(ARGV[8])
local sent = (tonumber(redis.call('ZSCORE', held, ARGV[9]) or '') or now) - lease
for index = 9, #ARGV do redis.call('ZREM', held, ARGV[index]) end
if status ~= '' then
  local low, high = number('low'), number('high')
  if date then
    local from, to = date - now, date + 1000 - sent
    if not low or from > high or to < low then low, high = from, to
    else low, high = math.max(low, from), math.min(high, to) end
    redis.call('HSET', state, 'low', tostring(low), 'high', tostring(high))
  end
  local ahead = 0
  if low and not (low <= 50 and high >= -50) then ahead = low end
  local resetAt = reset and math.min(reset - ahead, now + 60000)
  if limit then redis.call('HSET', state, 'limit', limit) end
  if status == '429' then
    local till = now + 1000
    if retryAfter then till = now + math.min(retryAfter, 60000) elseif resetAt and resetAt > now then till = resetAt end
    redis.call('HDEL', state, 'remaining', 'reset', 'resetAt')
    redis.call('HSET', state, 'cautious', 1, 'pausedUntil', math.max(till, number('pausedUntil') or 0))
  else
    redis.call('HDEL', state, 'cautious')
    if not remaining then
      if not number('limit') then redis.call('HSET', state, 'silent', 1) end
    elseif resetAt then
      redis.call('HDEL', state, 'silent')
      local before = number('reset')
      if not before or reset > before then
        redis.call('HSET', state, 'reset', reset, 'resetAt', resetAt, 'remaining', remaining)
      elseif reset == before then
        redis.call('HSET', state, 'remaining', math.min(remaining, number('remaining') or remaining))
      end
    end
  end
  redis.call('PEXPIRE', state, 86400000)
end
local most, wait = room()
if most > redis.call('ZCARD', held) then wait = 0 end
return answer(0, wait)
`
