-- Stores a ballot, replacing the voter's earlier one, unless the duel is closed or the ballot locked.
-- KEYS: duel, ballots, votelog; for the asker also: thread
-- ARGV: voter, choice, time, the duel's id
-- Returns: {outcome, how many have voted}
local duel, ballots, votelog, thread = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local voter, choice, at, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local state = redis.call('HGET', duel, 'state')
if not state then
  return {'gone', 0}
end
if state ~= '"open"' then
  return {'closed', redis.call('HLEN', ballots)}
end
local before = redis.call('HGET', ballots, voter)
if before and string.sub(before, -1) == '!' then
  return {'locked', redis.call('HLEN', ballots)}
end
local outcome = 'same'
if before ~= choice then
  outcome = before and 'changed' or 'cast'
  redis.call('HSET', ballots, voter, choice)
  redis.call('XADD', votelog, '*', 'voter', voter, 'verdict', choice, 'at', at)
end
local note = thread and redis.call('HGET', thread, 'duel/' .. id)
if note then
  note = cjson.decode(note)
  if choice == 'a' or choice == 'b' then
    note.side = choice
  else
    note.side = cjson.decode(redis.call('HGET', duel, 'follow'))
  end
  redis.call('HSET', thread, 'duel/' .. id, cjson.encode(note))
end
return {outcome, redis.call('HLEN', ballots)}
