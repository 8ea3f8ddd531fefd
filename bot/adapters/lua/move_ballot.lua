-- Puts a ballot of an open duel under another pseudonym, in the vote log too.
-- KEYS: duel, ballots, votelog
-- ARGV: the old pseudonym, the new one, time
-- Returns: 1, or 0 when the duel is closed or the voter has no ballot in it
local duel, ballots, votelog = KEYS[1], KEYS[2], KEYS[3]
local old, new, at = ARGV[1], ARGV[2], ARGV[3]

local ballot = redis.call('HGET', ballots, old)
if not ballot or redis.call('HGET', duel, 'state') ~= '"open"' then
  return 0
end
redis.call('HDEL', ballots, old)
redis.call('HSET', ballots, new, ballot)
redis.call('XADD', votelog, '*', 'voter', old, 'verdict', 'withdrawn', 'at', at)
redis.call('XADD', votelog, '*', 'voter', new, 'verdict', (string.gsub(ballot, '!', '')), 'at', at)
return 1
