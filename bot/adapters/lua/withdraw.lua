-- Takes a question out of its inbox whose message was deleted, unless it is decided already. A worker that
-- answers it loses its lease, which it learns at its next write.
-- KEYS: inbox, lease, seen
-- ARGV: ts, now and the lifetime of seen in seconds
-- Returns: 1 when it was taken out, else 0
local inbox, lease, seen = KEYS[1], KEYS[2], KEYS[3]
local ts, now, lifetime = ARGV[1], ARGV[2], ARGV[3]

-- a message that comes in after word of its deletion is no question any more
redis.call('ZADD', seen, 'NX', now, ts)
redis.call('EXPIRE', seen, lifetime)

if redis.call('HEXISTS', inbox, ts) == 0 or redis.call('HEXISTS', inbox, ts .. '/recorded') == 1 then
  return 0
end
local holder = redis.call('GET', lease)
if holder and redis.call('HGET', inbox, ts .. '/token') == holder then
  redis.call('DEL', lease)
end
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  if field == ts or string.sub(field, 1, #ts + 1) == ts .. '/' then
    redis.call('HDEL', inbox, field)
  end
end
return 1
