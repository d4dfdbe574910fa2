-- The window that several processes share: the same rules as in _window.py, on the clock of the Redis server.
-- One call tells how requests ended and asks for leave to send others. All moments and lengths are in microseconds.

local STATE, USED, FOREIGN, FLYING, WAITING, ACTIVE = unpack(KEYS)
-- USED: own requests that ended, by when their slot is free again; FOREIGN: the same of those of somebody else.
-- FLYING: requests under way, by the end of their lease. WAITING: who waits. ACTIVE: processes, by when they were heard.
local caller, process = ARGV[1], ARGV[2]
local ahead, per, lease, default_limit, ceiling, returns, wanted, first =
    tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1',
    tonumber(ARGV[9]), tonumber(ARGV[10])
local REPORTS, FIELDS = 11, 6

local STALE = per / 30
local LEAST_PAUSE = per / 60
-- How soon to look again: for the answer to a probe, for a slot kept for another, for the end of what is under way.
local SOON = 25000
local TURN = math.min(math.max(per / 200, 5000), 20000)
local LATER = math.min(math.max(per / 60, 20000), 250000)
-- Slots may be put back, or the limit rise: nobody waits for longer without looking.
local LONGEST = math.max(per / 10, 100000)
-- How long a slot is kept for somebody who does not come for it.
local GRACE = math.min(math.max(per / 20, 100000), 1000000)
local MOST_TIMES = 256
local NEVER = math.huge

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2] + ahead

local found = redis.call('HMGET', STATE, 'limit', 'pause', 'refusals', 'blind', 'probe', 'probe_until', 'foreign_until',
    'heard', 'seen', 'names')
local limit, pause, refusals = tonumber(found[1]) or default_limit, tonumber(found[2]) or 0, tonumber(found[3]) or 0
local blind, probe = found[4] ~= '0', found[5] or ''
local probe_until = found[6] == 'never' and NEVER or tonumber(found[6]) or 0
local foreign_until, heard = tonumber(found[7]) or 0, tonumber(found[8]) or 0
local names = tonumber(found[10]) or 0

-- The server's clock may be set, and another server may take over: nothing lasts longer for that.
local back = (tonumber(found[9]) or now) - now
if back > 1000000 then
    pause, foreign_until, heard = pause - back, foreign_until - back, heard - back
    if probe_until ~= NEVER then probe_until = probe_until - back end
end
local function clip(key, latest)
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. string.format('%.0f', latest), '+inf')) do
        redis.call('ZADD', key, latest, name)
    end
end
clip(USED, now + per)
clip(FOREIGN, now + per)
clip(FLYING, now + lease)
clip(ACTIVE, now)

local function end_probe(slot, knows)
    if slot == probe then
        probe, probe_until = '', 0
        blind = not knows
    end
end

local function use(slot, ended)
    redis.call('ZREM', FLYING, slot)
    if ended > now - per * 2 then redis.call('ZADD', USED, ended + per, slot) end
end

-- A process that died tells nothing: its requests count as ended with their lease.
local lapsed = redis.call('ZRANGEBYSCORE', FLYING, '-inf', now, 'WITHSCORES')
for i = 1, #lapsed, 2 do
    use(lapsed[i], tonumber(lapsed[i + 1]))
    end_probe(lapsed[i], false)
end

-- What is free again is kept for one more window: an answer that is older than that may still count it.
redis.call('ZREMRANGEBYSCORE', USED, '-inf', now - per)
redis.call('ZREMRANGEBYSCORE', FOREIGN, '-inf', now - per)
redis.call('ZREMRANGEBYSCORE', ACTIVE, '-inf', now - per)
redis.call('ZADD', ACTIVE, now, process)

local function count(key, after)
    return redis.call('ZCOUNT', key, '(' .. string.format('%.0f', after), '+inf')
end

-- Counts what somebody else used, who has the same key; it is free again in one window at the latest.
local function note_foreign(remaining, sent)
    local foreign = limit - remaining - count(USED, sent) - count(FOREIGN, sent) - redis.call('ZCARD', FLYING)
    for _ = 1, foreign do
        names = names + 1
        redis.call('ZADD', FOREIGN, now + per, names)
    end
    if foreign > 0 then foreign_until = now + per * 2 end
end

-- Each: what, slot, microseconds since then, microseconds from sending to answer, and two numbers that may be empty.
for i = REPORTS, #ARGV, FIELDS do
    local what, slot, ended, lasted, one, two =
        ARGV[i], ARGV[i + 1], now - tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5])
    if what == 'renew' then
        redis.call('ZREM', USED, slot)
        redis.call('ZADD', FLYING, now + lease, slot)
    elseif what == 'put_back' then
        redis.call('ZREM', FLYING, slot)
        redis.call('ZREM', USED, slot)
        end_probe(slot, one == 1)
    elseif what == 'given_up' then
        use(slot, ended)
        end_probe(slot, true)
    elseif what == 'answered' then
        use(slot, ended)
        end_probe(slot, true)
        refusals = 0
        heard = math.max(heard, ended)
        if one then
            limit = one
            if two and now - ended + lasted < per then note_foreign(two, ended - lasted) end
        end
    elseif what == 'refused' then
        redis.call('ZREM', FLYING, slot)
        redis.call('ZREM', USED, slot)
        end_probe(slot, true)
        blind = true
        -- Those that were under way together are refused together, which is one refusal.
        if ended >= pause then refusals = math.min(refusals + 1, 30) end
        local least = math.min(per, LEAST_PAUSE * 2 ^ (refusals - 1))
        pause = math.max(pause, ended + math.max(least, one or per))
    end
end
-- Whoever was away does not know what the others did, nor do they.
if returns then blind = true end

local flying = redis.call('ZCARD', FLYING)
local used, foreign = count(USED, now), count(FOREIGN, now)

local stale = now < foreign_until and now - heard > STALE

local function room()
    if now < pause or now < probe_until then return 0 end
    local free = limit - used - foreign - flying
    if ceiling > 0 then free = math.min(free, ceiling - used - flying) end
    if blind or stale then free = math.min(free, 1) end
    return math.max(free, 0)
end

-- Who waits: since when, for how many, until when a slot is kept for them, and whether they were just given some.
local waiters, since = {}, now
local raw = redis.call('HGETALL', WAITING)
for i = 1, #raw, 2 do
    local from, want, by, served = string.match(raw[i + 1], '^(%d+) (%d+) (%d+) (%d)$')
    from, want, by = tonumber(from), tonumber(want), tonumber(by)
    if raw[i] == caller then
        since = math.min(from, now)
    elseif by < now - per * 2 or from > now then
        redis.call('HDEL', WAITING, raw[i])
    elseif by >= now and not (served == '1' and now < from + TURN) then
        waiters[#waiters + 1] = {name = raw[i], since = from, want = want}
    end
end
local others, wanted_by_others = #waiters, 0
for _, waiter in ipairs(waiters) do wanted_by_others = wanted_by_others + waiter.want end

-- Each gets as many as it wants or as every other one gets; where that is less than one, those who came first do.
local function share(free)
    if others == 0 or free >= wanted + wanted_by_others then return math.min(wanted, free) end
    waiters[#waiters + 1] = {name = caller, since = since, want = wanted}
    table.sort(waiters, function(a, b)
        if a.since ~= b.since then return a.since < b.since end
        return a.name < b.name
    end)
    local open, rest = waiters, free
    while true do
        local level, more = math.floor(rest / #open), {}
        for _, waiter in ipairs(open) do
            if waiter.want > level then more[#more + 1] = waiter end
        end
        if #more == #open then break end
        for _, waiter in ipairs(open) do
            if waiter.want <= level then
                if waiter.name == caller then return wanted end
                rest = rest - waiter.want
            end
        end
        open = more
    end
    local level = math.floor(rest / #open)
    for i, waiter in ipairs(open) do
        if waiter.name == caller then return level + (i <= rest - level * #open and 1 or 0) end
    end
end

local free = room()
local granted = wanted > 0 and share(free) or 0
for number = first, first + granted - 1 do
    redis.call('ZADD', FLYING, now + lease, caller .. ':' .. string.format('%.0f', number))
end
if granted > 0 then
    flying = flying + granted
    if blind then
        probe, probe_until = caller .. ':' .. string.format('%.0f', first), NEVER
    elseif stale then
        -- Somebody else may have used what has become free since: one asks, and the rest follows a little later.
        probe, probe_until = caller .. ':' .. string.format('%.0f', first), now + STALE
    end
end

-- When so many more requests may go, as far as answers that are still to come do not matter.
local used_times, all_times
local function may_go(number)
    if not used_times then
        used_times, all_times = {}, {}
        local function read(key, ...)
            local pairs_of = redis.call('ZRANGEBYSCORE', key, '(' .. string.format('%.0f', now), '+inf', 'WITHSCORES')
            for i = 2, #pairs_of, 2 do
                for _, times in ipairs({...}) do times[#times + 1] = tonumber(pairs_of[i]) end
            end
        end
        read(USED, used_times, all_times)
        read(FOREIGN, all_times)
        table.sort(all_times)
    end
    local at = math.max(now, pause, probe_until ~= NEVER and probe_until or 0)
    local function wait_for(times, missing)
        if missing > #times then at = NEVER elseif missing > 0 then at = math.max(at, times[missing]) end
    end
    wait_for(all_times, used + foreign + flying - limit + number)
    if ceiling > 0 then wait_for(used_times, used + flying - ceiling + number) end
    return at
end

local wait
local at = may_go(1)
if probe_until == NEVER then
    wait = SOON
elseif granted < wanted and granted < free and at <= now then
    wait = TURN
elseif at == NEVER then
    wait = LATER
else
    wait = at - now
end
if granted < wanted then wait = math.max(wait, 1000) end
local again = math.min(wait, LONGEST)
local times = {}
if granted < wanted then
    for number = 1, math.min(limit, MOST_TIMES) do
        local moment = may_go(number)
        times[number] = (moment == NEVER and now + per or moment) - now
    end
    -- Whoever was given some comes after all others.
    local entry = {granted > 0 and now or since, wanted - granted, now + again + GRACE, granted > 0 and 1 or 0}
    redis.call('HSET', WAITING, caller, string.format('%.0f %.0f %.0f %d', unpack(entry)))
else
    redis.call('HDEL', WAITING, caller)
end

redis.call('HSET', STATE, 'limit', limit, 'pause', pause, 'refusals', refusals, 'blind', blind and 1 or 0, 'probe', probe,
    'probe_until', probe_until == NEVER and 'never' or probe_until, 'foreign_until', foreign_until, 'heard', heard,
    'seen', now, 'names', names)
local life = math.ceil((per * 2 + math.max(lease, pause - now)) / 1000)
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, life) end

return {granted, math.ceil(wait), math.ceil(again), limit, redis.call('ZCARD', ACTIVE), math.ceil(math.max(pause - now, 0)), others,
    wanted_by_others, unpack(times)}
