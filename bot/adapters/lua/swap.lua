-- Replaces a config, unless it is no longer the one that was read.
-- KEYS: config
-- ARGV: version that was read, new version, then field and value, field and value ...
-- Returns: 1, or 0 when another was written meanwhile
local config = KEYS[1]
local over, version = ARGV[1], ARGV[2]
local held = redis.call('HGET', config, 'version') or ''

if held == version and version ~= '' then
  return 1 -- the reply of this very call was lost
end
if held ~= over then
  return 0
end
redis.call('DEL', config)
for i = 3, #ARGV, 2 do
  redis.call('HSET', config, ARGV[i], ARGV[i + 1])
end
if version ~= '' then
  redis.call('HSET', config, 'version', version)
end
return 1
