-- Puts the text that a message has after an edit in place of the one that is kept: in its question while nobody
-- works on it, else in its turn, now or when the question ends.
-- KEYS: inbox, turns
-- ARGV: ts, text
-- Returns: 1 when something was kept of the message, else 0
local inbox, turns = KEYS[1], KEYS[2]
local ts, text = ARGV[1], ARGV[2]
local kept = 0

local question = redis.call('HGET', inbox, ts)
if question and redis.call('HEXISTS', inbox, ts .. '/token') == 0 then
  local document = cjson.decode(question)
  document.text = text
  redis.call('HSET', inbox, ts, cjson.encode(document))
  kept = 1
elseif question then
  redis.call('HSET', inbox, ts .. '/edited', text)
  kept = 1
end
for place, raw in ipairs(redis.call('LRANGE', turns, 0, -1)) do
  local turn = cjson.decode(raw)
  if turn.ts == ts then
    turn.asked = text
    redis.call('LSET', turns, place - 1, cjson.encode(turn))
    kept = 1
  end
end
return kept
