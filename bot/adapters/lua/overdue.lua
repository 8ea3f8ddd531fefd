-- Returns threads whose time has come, and gives them their next time, so that no two sweepers get the same.
-- KEYS: pending
-- ARGV: now in seconds, how many at most, their next time in seconds
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, thread in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[3], thread)
end
return due
