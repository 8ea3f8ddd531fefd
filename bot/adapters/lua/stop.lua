-- Notes who wants the answer to a question to stop, unless it is decided already; the first counts.
-- KEYS: inbox
-- ARGV: ts, user
-- Returns: 1, or 0 when it is too late
local inbox = KEYS[1]
local ts, user = ARGV[1], ARGV[2]

if redis.call('HEXISTS', inbox, ts) == 0
    or redis.call('HEXISTS', inbox, ts .. '/recorded') == 1
    or redis.call('HEXISTS', inbox, ts .. '/withdrawn') == 1 then
  return 0
end
redis.call('HSETNX', inbox, ts .. '/stop', user)
return 1
