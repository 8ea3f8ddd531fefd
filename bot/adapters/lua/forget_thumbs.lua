-- Takes back a voter's thumbs in a channel, from the counts too.
-- KEYS: thumbs
-- ARGV: fields of the thumbs, `<fingerprint>/<answer>/<voter>`
-- Returns: how many were taken back
local thumbs = KEYS[1]
local gone = 0

for _, field in ipairs(ARGV) do
  local thumb = redis.call('HGET', thumbs, field)
  if thumb then
    redis.call('HDEL', thumbs, field)
    redis.call('HINCRBY', thumbs, string.match(field, '^[^/]+') .. '/' .. thumb, -1)
    gone = gone + 1
  end
end
return gone
