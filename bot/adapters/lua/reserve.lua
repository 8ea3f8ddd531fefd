-- Reserves answers for a question, once.
-- KEYS: budget
-- ARGV: person, question, answers, cap of the team, cap of a person, lifetime in seconds
-- Returns: ok, team or person
local budget = KEYS[1]
local person, question = 'person/' .. ARGV[1], 'question/' .. ARGV[2]
local answers, team_cap, person_cap = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

if redis.call('HEXISTS', budget, question) == 1 then
  return 'ok'
end
if tonumber(redis.call('HGET', budget, 'total') or 0) + answers > team_cap then
  return 'team'
end
if tonumber(redis.call('HGET', budget, person) or 0) + answers > person_cap then
  return 'person'
end
redis.call('HINCRBY', budget, 'total', answers)
redis.call('HINCRBY', budget, person, answers)
redis.call('HSET', budget, question, answers)
redis.call('EXPIRE', budget, ARGV[6])
return 'ok'
