-- Ends a deleted question of which nothing is shown any more.
-- KEYS: lease, inbox
-- ARGV: token, ts
-- Returns: 1 when more questions wait, 0 when none does, -1 when the lease is lost
local lease, inbox = KEYS[1], KEYS[2]
local token, ts = ARGV[1], ARGV[2]

if redis.call('HEXISTS', inbox, ts) == 1 then -- else the reply of this very call was lost
  if redis.call('GET', lease) ~= token then
    return -1
  end
  for _, field in ipairs(redis.call('HKEYS', inbox)) do
    if field == ts or string.sub(field, 1, #ts + 1) == ts .. '/' then
      redis.call('HDEL', inbox, field)
    end
  end
  redis.call('DEL', lease)
end
return redis.call('EXISTS', inbox)
