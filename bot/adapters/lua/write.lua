-- Writes fields of a question under its lease, which is kept for its full time again.
-- KEYS: lease, inbox
-- ARGV: token, lease in milliseconds, ts, then field and value, field and value ...
-- Returns: 1, or 0 when the lease is lost
local lease, inbox = KEYS[1], KEYS[2]
local token, lease_ms, ts = ARGV[1], ARGV[2], ARGV[3]

if redis.call('GET', lease) ~= token or redis.call('HEXISTS', inbox, ts) == 0 then
  return 0
end
redis.call('PEXPIRE', lease, lease_ms)
for i = 4, #ARGV, 2 do
  redis.call('HSET', inbox, ts .. '/' .. ARGV[i], ARGV[i + 1])
end
return 1
