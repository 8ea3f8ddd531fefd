-- Puts down a person's request to administer the channel, unless one was made lately.
-- KEYS: access
-- ARGV: person, now, seconds between two requests, lifetime in seconds
-- Returns: nothing, or of the earlier request {when, state, who decided}
local access, person, now = KEYS[1], ARGV[1], ARGV[2]

local asked = redis.call('HGET', access, person .. '/asked')
if asked and tonumber(now) - tonumber(asked) < tonumber(ARGV[3]) then
  return {asked, redis.call('HGET', access, person .. '/state'), redis.call('HGET', access, person .. '/by') or ''}
end
redis.call('HSET', access, person .. '/asked', now, person .. '/state', 'open')
redis.call('HDEL', access, person .. '/by')
redis.call('EXPIRE', access, ARGV[4])
return {}
