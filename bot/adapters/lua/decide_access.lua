-- Decides a person's request to administer the channel, once; allowing it gives the right.
-- KEYS: access, admins
-- ARGV: person, allowed or denied, who decides, the right
-- Returns: {1 when this call decided, else 0, and of the request: when, state, who decided}
local access, admins = KEYS[1], KEYS[2]
local person, state, by, grant = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local asked = redis.call('HGET', access, person .. '/asked')
if not asked then
  return {0}
end
local decided = 0
if redis.call('HGET', access, person .. '/state') == 'open' then
  decided = 1
  redis.call('HSET', access, person .. '/state', state, person .. '/by', by)
  if state == 'allowed' then
    redis.call('HSETNX', admins, person, grant)
  end
end
return {decided, asked, redis.call('HGET', access, person .. '/state'), redis.call('HGET', access, person .. '/by') or ''}
