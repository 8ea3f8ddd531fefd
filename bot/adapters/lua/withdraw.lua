-- Takes out what is kept of a message that was deleted: its question, unless that is decided already, and its
-- turn. A worker that answers the question loses its lease, which it learns at its next write. Where a part of
-- the answer is shown already the entry stays, marked, for the next worker to take that away. Deleting what is
-- shown of an answer while it is written takes its question out alike.
-- KEYS: inbox, lease, seen, turns
-- ARGV: ts, now and the lifetime of seen in seconds
-- Returns: 1 when a waiting question was taken out, else 0
local inbox, lease, seen, turns = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ts, now, lifetime = ARGV[1], ARGV[2], ARGV[3]

-- a message that comes in after word of its deletion is no question any more, and no turn
redis.call('ZADD', seen, 'NX', now, ts)
redis.call('ZADD', seen, now, 'gone/' .. ts)
redis.call('EXPIRE', seen, lifetime)

for _, raw in ipairs(redis.call('LRANGE', turns, 0, -1)) do
  local turn = cjson.decode(raw)
  local gone = turn.ts == ts
  for _, shown in ipairs(turn.shown or {}) do
    gone = gone or shown == ts
  end
  if gone then
    redis.call('LREM', turns, 0, raw)
  end
end

if redis.call('HEXISTS', inbox, ts) == 0 then
  local fields = redis.call('HGETALL', inbox)
  for i = 1, #fields, 2 do
    local asked = string.match(fields[i], '^(.+)/stream/%d+$')
    if asked and fields[i + 1] == ts then
      if redis.call('HEXISTS', inbox, asked .. '/withdrawn') == 1 then
        return 0 -- word of what we take away ourselves
      end
      ts = asked
      break
    end
  end
end
if redis.call('HEXISTS', inbox, ts) == 0 or redis.call('HEXISTS', inbox, ts .. '/recorded') == 1 then
  return 0
end
local holder = redis.call('GET', lease)
if holder and redis.call('HGET', inbox, ts .. '/token') == holder then
  redis.call('DEL', lease)
end
if redis.call('HEXISTS', inbox, ts .. '/streaming') == 1 then
  redis.call('HSET', inbox, ts .. '/withdrawn', '1')
  redis.call('HDEL', inbox, ts .. '/not_before')
  return 1
end
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  if field == ts or string.sub(field, 1, #ts + 1) == ts .. '/' then
    redis.call('HDEL', inbox, field)
  end
end
return 1
