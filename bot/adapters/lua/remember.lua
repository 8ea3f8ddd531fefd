-- Stores a contestant by its fingerprint and as the newest of its name, and what that was before.
-- KEYS: contestants, newest, changed
-- ARGV: fingerprint, document, name
-- Returns: 1
local contestants, newest, changed = KEYS[1], KEYS[2], KEYS[3]
local fingerprint, document, name = ARGV[1], ARGV[2], ARGV[3]
local before = redis.call('HGET', newest, name)

redis.call('HSET', contestants, fingerprint, document)
redis.call('HSET', newest, name, fingerprint)
if before and before ~= fingerprint then
  redis.call('HSETNX', changed, name, before)
end
return 1
