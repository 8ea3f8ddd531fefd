-- Drops the questions of a thread that were asked up to a time; a worker that answers one of them loses its lease.
-- Messages in which half an answer may be left are noted, to be ended when that can be done.
-- KEYS: inbox, lease, halves
-- ARGV: ts up to which they are dropped, the thread's conversation, its root (empty for a command's), lifetime of
--       halves in seconds
-- Returns: how many questions were dropped
local inbox, lease, halves = KEYS[1], KEYS[2], KEYS[3]
local last, conversation, root, lifetime = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local dropped = 0

local function padded(ts)
  return string.rep('0', 24 - #ts) .. ts
end

local roots = {}
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  local ts = string.match(field, '^(.+)/root$')
  if ts then
    roots[ts] = redis.call('HGET', inbox, field)
  end
end
for _, field in ipairs(redis.call('HKEYS', inbox)) do
  local ts = string.match(field, '^[^/]+')
  if padded(ts) <= padded(last) then
    if field == ts then
      dropped = dropped + 1
    elseif field == ts .. '/token' and redis.call('HGET', inbox, field) == redis.call('GET', lease) then
      redis.call('DEL', lease)
    elseif field == ts .. '/streaming' then
      local under = root ~= '' and root or roots[ts]
      for number = 0, under and tonumber(redis.call('HGET', inbox, field)) or -1 do
        redis.call('SADD', halves, table.concat({ under, conversation, ts, number }, ' '))
        redis.call('EXPIRE', halves, lifetime)
      end
    end
    redis.call('HDEL', inbox, field)
  end
end
return dropped
