-- Takes a person out of a thread: what they said, and who their number was. The number stays theirs, empty.
-- KEYS: turns, thread
-- ARGV: person
-- Returns: how many turns were taken out
local turns, thread, person = KEYS[1], KEYS[2], ARGV[1]
local gone = 0

for _, raw in ipairs(redis.call('LRANGE', turns, 0, -1)) do
  if cjson.decode(raw).author == person then
    gone = gone + redis.call('LREM', turns, 0, raw)
  end
end
local speakers = redis.call('HGET', thread, 'speakers')
if speakers then
  speakers = cjson.decode(speakers)
  for number, who in ipairs(speakers) do
    if who == person then
      speakers[number] = ''
      redis.call('HSET', thread, 'speakers', cjson.encode(speakers))
    end
  end
end
return gone
