-- Take a person out of a tasting, which waits for their votes no more.
-- KEYS: 1 tasting
-- ARGV: 1 the field that says they laid it, 2 that they were invited, 3 that this voter is gone, "" for no voter
-- Returns 1 when people vote in it and it waited for this voter, else 0; the same when it is run again
redis.call('HDEL', KEYS[1], ARGV[1])
local invited = redis.call('HDEL', KEYS[1], ARGV[2]) == 1
local stage = redis.call('HGET', KEYS[1], 'stage')
if not stage or ARGV[3] == '' then
  return 0
end
if invited then
  redis.call('HSET', KEYS[1], ARGV[3], '1')
end
return (stage == '"open"' and redis.call('HEXISTS', KEYS[1], ARGV[3]) == 1) and 1 or 0
