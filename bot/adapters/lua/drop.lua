-- Drops the questions of a thread that were asked up to a time; a worker that answers one of them loses its lease.
-- KEYS: inbox, lease
-- ARGV: ts up to which they are dropped
-- Returns: how many questions were dropped
local inbox, lease, last = KEYS[1], KEYS[2], ARGV[1]
local dropped = 0

local function padded(ts)
  return string.rep('0', 24 - #ts) .. ts
end

for _, field in ipairs(redis.call('HKEYS', inbox)) do
  local ts = string.match(field, '^[^/]+')
  if padded(ts) <= padded(last) then
    if field == ts then
      dropped = dropped + 1
    elseif field == ts .. '/token' and redis.call('HGET', inbox, field) == redis.call('GET', lease) then
      redis.call('DEL', lease)
    end
    redis.call('HDEL', inbox, field)
  end
end
return dropped
