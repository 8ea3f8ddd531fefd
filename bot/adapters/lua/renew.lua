-- Keeps a lease for its full time again.
-- KEYS: lease
-- ARGV: token, lease in milliseconds
-- Returns: 1, or 0 when it is another's
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
