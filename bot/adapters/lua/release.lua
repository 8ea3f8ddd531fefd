-- Gives a lease back; the question stays at the head and is not taken before a time.
-- KEYS: lease, inbox
-- ARGV: token, ts, the time in seconds
-- Returns: 1, or 0 when the lease was lost before
local lease, inbox = KEYS[1], KEYS[2]
local token, ts, not_before = ARGV[1], ARGV[2], ARGV[3]

if redis.call('GET', lease) ~= token then
  return 0
end
if redis.call('HEXISTS', inbox, ts) == 1 then
  redis.call('HSET', inbox, ts .. '/not_before', not_before)
end
redis.call('DEL', lease)
return 1
