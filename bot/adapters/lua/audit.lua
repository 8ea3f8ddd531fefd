-- Appends an entry to the audit stream, unless it is its last one already.
-- KEYS: audit
-- ARGV: field and value, field and value ...
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last and table.concat(last[2], '\n') == table.concat(ARGV, '\n') then
  return last[1]
end
return redis.call('XADD', KEYS[1], '*', unpack(ARGV))
