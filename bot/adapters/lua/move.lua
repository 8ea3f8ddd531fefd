-- Add a voter's move, or take the last one back.
-- KEYS: 1 tasting, 2 moves
-- ARGV: 1 how many moves there must be, 2 the move, "" to take the last one back
-- Returns taken, moved_on or over
if redis.call('HGET', KEYS[1], 'stage') ~= '"open"' then
  return 'over'
end
if redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[1]) then
  return 'moved_on'
end
if ARGV[2] == '' then
  redis.call('RPOP', KEYS[2])
else
  redis.call('RPUSH', KEYS[2], ARGV[2])
end
return 'taken'
