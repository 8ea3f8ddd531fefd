-- Moves a question to the dead letters. A duel that it decided but never showed goes with it.
-- KEYS: lease, inbox, thread, dead; with a duel also: duel, text, duels
-- ARGV: token, ts, letter, most letters that are kept, their lifetime in milliseconds; with a duel also: its id
-- Returns: 1 when more questions wait, 0 when none does, -1 when the lease is lost
local lease, inbox, thread, dead, duel, text, duels = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local token, ts, letter, most, lifetime, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]

if redis.call('GET', lease) == token and redis.call('HEXISTS', inbox, ts) == 1 then
  redis.call('LPUSH', dead, letter)
  redis.call('LTRIM', dead, 0, tonumber(most) - 1)
  redis.call('PEXPIRE', dead, lifetime)
  redis.call('HSET', thread, 'ended', token)
  redis.call('HDEL', thread, 'gate')
  if redis.call('PTTL', thread) < 0 then
    redis.call('PEXPIRE', thread, lifetime)
  end
  if duel and redis.call('HEXISTS', inbox, ts .. '/part/0') == 0 then
    redis.call('DEL', duel, text)
    redis.call('ZREM', duels, id)
    redis.call('HDEL', thread, 'duel/' .. id)
  end
  for _, field in ipairs(redis.call('HKEYS', inbox)) do
    if field == ts or string.sub(field, 1, #ts + 1) == ts .. '/' then
      redis.call('HDEL', inbox, field)
    end
  end
  redis.call('DEL', lease)
elseif redis.call('HGET', thread, 'ended') ~= token then
  return -1
end
return redis.call('EXISTS', inbox)
