-- Puts a field of a hash in place of what was read of it, unless somebody was faster.
-- KEYS: hash
-- ARGV: field, what was read (empty: nothing), what shall be there (empty: nothing)
-- Returns: 1 when it is there now, by this call or by the same one before; 0 when something else was there
local key, field, read, wanted = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local there = redis.call('HGET', key, field) or ''

if there == wanted then
  return 1
end
if there ~= read then
  return 0
end
if wanted == '' then
  redis.call('HDEL', key, field)
else
  redis.call('HSET', key, field, wanted)
end
return 1
