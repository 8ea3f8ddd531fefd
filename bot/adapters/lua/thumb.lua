-- Stores a thumb for an answer, in place of the voter's earlier one, and keeps the counts of its contestant.
-- KEYS: answer, thumbs
-- ARGV: the answer's id, voter, up or down
-- Returns: given, changed, same or gone
local answer, thumbs = KEYS[1], KEYS[2]
local id, voter, thumb = ARGV[1], ARGV[2], ARGV[3]

local document = redis.call('GET', answer)
if not document then
  return 'gone'
end
local contestant = cjson.decode(document).fingerprint
local field = contestant .. '/' .. id .. '/' .. voter
local before = redis.call('HGET', thumbs, field)
if before == thumb then
  return 'same'
end
if before then
  redis.call('HINCRBY', thumbs, contestant .. '/' .. before, -1)
end
redis.call('HINCRBY', thumbs, contestant .. '/' .. thumb, 1)
redis.call('HSET', thumbs, field, thumb)
return before and 'changed' or 'given'
