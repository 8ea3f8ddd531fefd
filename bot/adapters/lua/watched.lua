-- Looks whether a question is still ours, and whether somebody wants its answer to stop.
-- KEYS: lease, inbox
-- ARGV: token, ts
-- Returns: {0} when the lease is lost, {1} when nobody does, {1, user}
local lease, inbox = KEYS[1], KEYS[2]
local token, ts = ARGV[1], ARGV[2]

if redis.call('GET', lease) ~= token or redis.call('HEXISTS', inbox, ts) == 0 then
  return {0}
end
return {1, redis.call('HGET', inbox, ts .. '/stop') or nil}
