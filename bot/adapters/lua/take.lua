-- Takes a thread's lease and the head of its inbox: the waiting question with the smallest ts.
-- Taking again with the same token changes nothing.
-- KEYS: lease, inbox, turns, thread, config
-- ARGV: token, lease in milliseconds, now in seconds
-- Returns: {'none'}, or {'gated', conversation} while a command's question of this thread is answered, or
--          {'taken', ts, entry, turns, thread, config}
local lease, inbox, turns, thread, config = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local token, lease_ms, now = ARGV[1], ARGV[2], tonumber(ARGV[3])

local gate = redis.call('HGET', thread, 'gate')
if gate then
  return {'gated', gate}
end

local head, least
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  if not string.find(field, '/', 1, true) then
    local padded = string.rep('0', 24 - #field) .. field
    if not least or padded < least then
      head, least = field, padded
    end
  end
end
if not head then
  return {'none'}
end
local holder = redis.call('GET', lease)
if holder and holder ~= token then
  return {'none'}
end
local not_before = redis.call('HGET', inbox, head .. '/not_before')
if not_before and tonumber(not_before) > now then
  return {'none'}
end

redis.call('SET', lease, token, 'PX', lease_ms)
if redis.call('HGET', inbox, head .. '/token') ~= token then
  redis.call('HSET', inbox, head .. '/token', token)
  redis.call('HINCRBY', inbox, head .. '/attempts', 1)
end

local entry = {'question', redis.call('HGET', inbox, head)}
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  if string.sub(field, 1, #head + 1) == head .. '/' then
    entry[#entry + 1] = string.sub(field, #head + 2)
    entry[#entry + 1] = redis.call('HGET', inbox, field)
  end
end
return {
  'taken', head, entry,
  redis.call('LRANGE', turns, 0, -1), redis.call('HGETALL', thread), redis.call('HGETALL', config)
}
