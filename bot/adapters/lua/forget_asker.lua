-- Takes who asked out of a duel, and what they asked; answers and scores stay.
-- KEYS: duel, text
-- ARGV: the asker (JSON)
-- Returns: 1, or 0 when it was somebody else
local duel, text, asker = KEYS[1], KEYS[2], ARGV[1]

if redis.call('HGET', duel, 'asker') ~= asker then
  return 0
end
redis.call('HSET', duel, 'asker', '""')
local texts = redis.call('GET', text)
if texts then
  texts = cjson.decode(texts)
  texts.question = ''
  redis.call('SET', text, cjson.encode(texts), 'KEEPTTL')
end
return 1
