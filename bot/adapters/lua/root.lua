-- Stores the ts of a command's root message. Its thread is known from now on, and waits for the command's
-- question to be answered (its gate) before questions that people write in it meanwhile.
-- KEYS: lease and inbox of the command's conversation, thread (the real one)
-- ARGV: token, lease in milliseconds, ts, ts of the root, the command's conversation,
--       lifetime in milliseconds of a thread that nobody has answered in yet
-- Returns: 1, or 0 when the lease is lost
local lease, inbox, thread = KEYS[1], KEYS[2], KEYS[3]
local token, lease_ms, ts, root, conversation, lifetime = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]

if redis.call('GET', lease) ~= token or redis.call('HEXISTS', inbox, ts) == 0 then
  return 0
end
redis.call('PEXPIRE', lease, lease_ms)
redis.call('HSET', inbox, ts .. '/root', root)
redis.call('HSET', thread, 'ours', '1', 'gate', conversation)
if redis.call('PTTL', thread) < 0 then
  redis.call('PEXPIRE', thread, lifetime)
end
return 1
