-- Drops threads from the sweeper's index whose time is still the given one: nothing has come in since.
-- KEYS: pending
-- ARGV: the time in seconds, then the threads
local time = tonumber(ARGV[1])
for i = 2, #ARGV do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) == time then
    redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return 1
