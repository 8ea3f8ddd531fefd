-- Locks a ballot.
-- KEYS: ballots
-- ARGV: voter
-- Returns: the ballot, or nil when there is none
local ballot = redis.call('HGET', KEYS[1], ARGV[1])
if ballot and string.sub(ballot, -1) ~= '!' then
  ballot = ballot .. '!'
  redis.call('HSET', KEYS[1], ARGV[1], ballot)
end
return ballot
