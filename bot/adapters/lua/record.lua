-- Stores what was decided about a question, its duel with it, and that part 0 is about to be posted.
-- KEYS: lease, inbox, usage; with a duel also: thread, duel, text, duels; with a single answer also: answer
-- ARGV: token, lease in milliseconds, ts, what was decided, what was spent (JSON: field and count), lifetime of
--       that account in seconds; with a duel also: its id, what the thread notes of it, its texts, their
--       lifetime in milliseconds, its time, then field and value, field and value ...; with a single answer
--       also: what its buttons refer to, and its lifetime in milliseconds
-- Returns: 1, or 0 when the lease is lost
local lease, inbox, usage, thread, duel, text, duels = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local token, lease_ms, ts, recorded, spent, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local id, note, texts, lifetime, opened = ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11]

local function without_the_forgotten(document)
  local decoded, changed = cjson.decode(document), false
  for number, who in ipairs(decoded.speakers) do
    if redis.call('HEXISTS', inbox, ts .. '/forgotten/' .. who) == 1 then
      decoded.speakers[number], changed = '', true
    end
  end
  return changed and cjson.encode(decoded) or document
end

if redis.call('GET', lease) ~= token or redis.call('HEXISTS', inbox, ts) == 0 then
  return 0
end
redis.call('PEXPIRE', lease, lease_ms)
if redis.call('HEXISTS', inbox, ts .. '/recorded') == 0 then -- else the reply of this very call was lost
  for field, count in pairs(cjson.decode(spent)) do
    redis.call('HINCRBY', usage, field, count)
    redis.call('EXPIRE', usage, kept)
  end
end
redis.call('HSET', inbox, ts .. '/recorded', recorded, ts .. '/posting', '0')
if thread and not duel then
  redis.call('SET', KEYS[4], ARGV[7], 'PX', ARGV[8])
end
if duel then
  for i = 12, #ARGV, 2 do
    redis.call('HSET', duel, ARGV[i], ARGV[i + 1])
  end
  redis.call('SET', text, without_the_forgotten(texts), 'PX', lifetime)
  redis.call('ZADD', duels, opened, id)
  redis.call('HSET', thread, 'duel/' .. id, note)
  if redis.call('PTTL', thread) < 0 then
    redis.call('PEXPIRE', thread, lifetime)
  end
end
return 1
