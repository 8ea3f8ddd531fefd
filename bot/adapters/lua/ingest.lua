-- Makes a question durable in its thread's inbox, once.
-- KEYS: inbox, seen, thread, config
-- ARGV: ts, member of seen, question, whether it is a follow-up (0 or 1), the team's thread mode,
--       now and the lifetime of seen in seconds, how many may wait
-- Returns: accepted, duplicate, ignored or full
local inbox, seen, thread, config = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ts, member, question, follow_up, team_mode = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now, lifetime, limit = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])

if redis.call('ZSCORE', seen, member) then
  return 'duplicate'
end
if follow_up == '1' then
  local ours = redis.call('HEXISTS', thread, 'ours') == 1 or redis.call('EXISTS', inbox) == 1
  local mode = redis.call('HGET', config, 'threads') or team_mode
  if not ours or mode ~= 'follow' then
    return 'ignored'
  end
end

redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - lifetime)
redis.call('ZADD', seen, now, member)
redis.call('EXPIRE', seen, lifetime)

if redis.call('HLEN', inbox) >= limit then
  local waiting = 0
  for _, field in ipairs(redis.call('HKEYS', inbox)) do
    if not string.find(field, '/', 1, true) then
      waiting = waiting + 1
    end
  end
  if waiting >= limit then
    return 'full'
  end
end
redis.call('HSET', inbox, ts, question)
return 'accepted'
