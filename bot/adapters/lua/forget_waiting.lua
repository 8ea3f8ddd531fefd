-- Takes a person's questions out of an inbox, but for those that are decided already; of these, and of what was
-- read before a question, no turn will be kept. What stays is marked, so that its end does not bring back who they are.
-- KEYS: inbox, lease, seen
-- ARGV: person, now and the lifetime of seen in seconds
-- Returns: how many questions were taken out
local inbox, lease, seen = KEYS[1], KEYS[2], KEYS[3]
local person, now, lifetime = ARGV[1], ARGV[2], ARGV[3]
local gone = 0

local function leave_no_turn(ts)
  redis.call('ZADD', seen, now, 'gone/' .. ts)
  redis.call('EXPIRE', seen, lifetime)
end

for _, field in ipairs(redis.call('HKEYS', inbox)) do
  local ts = string.match(field, '^[^/]+')
  if field == ts .. '/earlier' then
    for _, turn in ipairs(cjson.decode(redis.call('HGET', inbox, field)).turns) do
      if turn.author == person then
        leave_no_turn(turn.ts)
      end
    end
  elseif field == ts and cjson.decode(redis.call('HGET', inbox, ts)).asker == person then
    leave_no_turn(ts)
    leave_no_turn(redis.call('HGET', inbox, ts .. '/root') or ts)
    if redis.call('HEXISTS', inbox, ts .. '/recorded') == 0 then
      local holder = redis.call('GET', lease)
      if holder and redis.call('HGET', inbox, ts .. '/token') == holder then
        redis.call('DEL', lease)
      end
      if redis.call('HEXISTS', inbox, ts .. '/streaming') == 1 then
        redis.call('HSET', inbox, ts .. '/withdrawn', '1') -- the next worker takes away what is shown, then this
      else
        for _, part in ipairs(redis.call('HKEYS', inbox)) do
          if part == ts or string.sub(part, 1, #ts + 1) == ts .. '/' then
            redis.call('HDEL', inbox, part)
          end
        end
      end
      gone = gone + 1
    end
  end
end
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  if not string.find(field, '/', 1, true) then
    redis.call('HSET', inbox, field .. '/forgotten/' .. person, '1')
  end
end
return gone
