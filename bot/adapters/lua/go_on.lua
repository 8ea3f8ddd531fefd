-- Set fields of a tasting that stands where it should.
-- KEYS: 1 tasting, 2 menu, 3 tastings
-- ARGV: 1 stages as JSON strings between spaces, 2 the id, 3 the score in the index ("" leaves it), 4 how long
--       its questions are kept in seconds ("" leaves that), then field and value, and so on
-- Returns all fields and values, or false
local stage = redis.call('HGET', KEYS[1], 'stage')
if not stage or not string.find(' ' .. ARGV[1] .. ' ', ' ' .. stage .. ' ', 1, true) then
  return false
end
for i = 5, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
if ARGV[3] ~= '' then
  redis.call('PERSIST', KEYS[1])
  redis.call('ZADD', KEYS[3], 'NX', ARGV[3], ARGV[2])
end
if ARGV[4] ~= '' then
  redis.call('EXPIRE', KEYS[2], ARGV[4])
end
return redis.call('HGETALL', KEYS[1])
