-- Drops every question that waits in a thread; a worker that answers one loses its lease.
-- KEYS: inbox, lease
-- ARGV: none
-- Returns: how many questions there were
local waiting = 0
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if not string.find(field, '/', 1, true) then
    waiting = waiting + 1
  end
end
redis.call('DEL', KEYS[1], KEYS[2])
return waiting
