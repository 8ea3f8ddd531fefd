-- Take questions out of a tasting.
-- KEYS: 1 tasting, 2 menu
-- ARGV: 1 whether their texts are deleted (1 or 0), then the questions
local stage = redis.call('HGET', KEYS[1], 'stage')
for i = 2, #ARGV do
  if stage and stage ~= '"closed"' then
    redis.call('HSET', KEYS[1], 'out/' .. ARGV[i], '1')
  end
  if ARGV[1] == '1' then
    redis.call('HDEL', KEYS[2], ARGV[i])
  end
end
return #ARGV - 1
