-- Ends a question: turns appended, the duel's messages noted, entry removed, lease released.
-- KEYS: lease, inbox, turns, thread, seen; with a duel also: duel
-- ARGV: token, ts, lifetime of the thread in milliseconds, most turns that are kept,
--       ts of the message with the duel's answers and of the one with its ballots (JSON), who speaks, by number (JSON),
--       then the turns
-- Returns: 1 when more questions wait, 0 when none does, -1 when the lease is lost
local lease, inbox, turns, thread, seen, duel = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local token, ts, lifetime, most, answers_ts, ballot_ts = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local speakers = cjson.decode(ARGV[7])

if redis.call('GET', lease) == token and redis.call('HEXISTS', inbox, ts) == 1 then
  for i = 8, #ARGV do
    -- a message that was deleted meanwhile, or whose author was forgotten, leaves no turn; one that was edited the
    -- text it has now
    local turn = cjson.decode(ARGV[i])
    local gone = turn.author and redis.call('HEXISTS', inbox, ts .. '/forgotten/' .. turn.author) == 1
    for _, message in ipairs(turn.shown or { turn.ts }) do
      gone = gone or redis.call('ZSCORE', seen, 'gone/' .. message)
    end
    if not gone then
      local edited = turn.ts == ts and redis.call('HGET', inbox, ts .. '/edited')
      if edited then
        turn.asked = edited
      end
      redis.call('RPUSH', turns, edited and cjson.encode(turn) or ARGV[i])
    end
  end
  redis.call('LTRIM', turns, -tonumber(most), -1)
  redis.call('PEXPIRE', turns, lifetime)
  redis.call('HSET', thread, 'schema_version', '1', 'ours', '1', 'ended', token)
  redis.call('HDEL', thread, 'gate')
  if #speakers > 0 then
    local known, numbered = cjson.decode(redis.call('HGET', thread, 'speakers') or '[]'), {}
    for _, who in ipairs(known) do
      numbered[who] = true
    end
    for number, who in ipairs(speakers) do
      local forgotten = redis.call('HEXISTS', inbox, ts .. '/forgotten/' .. who) == 1
      if forgotten and number > #known then
        known[#known + 1] = '' -- nobody else gets their number
      elseif not forgotten and who ~= '' and not numbered[who] then
        known[#known + 1] = who
      end
    end
    redis.call('HSET', thread, 'speakers', cjson.encode(known))
  end
  redis.call('PEXPIRE', thread, lifetime)
  if duel then
    redis.call('HSET', duel, 'answers_ts', answers_ts, 'ballot_ts', ballot_ts)
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
