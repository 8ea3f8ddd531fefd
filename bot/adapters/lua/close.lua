-- Closes a duel with the ballots that are in. Closing again with the same time and cause changes nothing.
-- KEYS: duel, ballots, thread
-- ARGV: time and cause (both JSON), the duel's id
-- Returns: the duel, or nil when it was closed before or never was
local duel, ballots, thread = KEYS[1], KEYS[2], KEYS[3]
local closed_at, closed_by, id = ARGV[1], ARGV[2], ARGV[3]

local state = redis.call('HGET', duel, 'state')
if state == '"open"' then
  local tally, count = {a = 0, b = 0, tie = 0, both_bad = 0}, 0
  for _, ballot in ipairs(redis.call('HVALS', ballots)) do
    local choice = string.gsub(ballot, '!', '')
    tally[choice] = tally[choice] + 1
    count = count + 1
  end
  redis.call('HSET', duel, 'state', count > 0 and '"closed"' or '"nobody_voted"',
    'closed_at', closed_at, 'closed_by', closed_by, 'tally', cjson.encode(tally))
  local note = redis.call('HGET', thread, 'duel/' .. id)
  if note then
    note = cjson.decode(note)
    note.open = false
    note.named = count > 0
    if tally.a == tally.b then
      note.side = cjson.decode(redis.call('HGET', duel, 'follow'))
    else
      note.side = tally.a > tally.b and 'a' or 'b'
    end
    redis.call('HSET', thread, 'duel/' .. id, cjson.encode(note))
  end
elseif not state or redis.call('HGET', duel, 'closed_at') ~= closed_at
    or redis.call('HGET', duel, 'closed_by') ~= closed_by then
  return false
end
return redis.call('HGETALL', duel)
