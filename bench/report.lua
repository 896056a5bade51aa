-- What wrk sends: the sequence of bench/reports.py from one number on.
-- wrk -s report.lua URL -- BODIES_LUA KEY FIRST CUSTOMERS BEGIN_MS

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  bodies = dofile(args[1])
  first, customers, begin_ms = tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  head = "POST /api/v1/report HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " .. args[2] ..
    "\r\nContent-Type: application/json\r\nContent-Length: "
  sent = 0
end

local floor, format, date = math.floor, string.format, os.date

function request()
  local number = first + sent
  sent = sent + 1
  local customer = number % customers
  local id = format("box-%05d", customer)
  local at = begin_ms + floor(number * 900000 / customers) + 3600000
  local time = date("!%Y-%m-%dT%H:%M:%S", floor(at / 1000)) .. format(".%03d%06d+01:00", at % 1000, number % 1000000)
  local machine = bodies[customer % #bodies + 1]
  local cut = machine[floor(number / customers) % #machine + 1]
  local body = cut[1] .. id .. cut[2] .. id .. cut[3] .. time .. cut[4] .. id .. cut[5]
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(format(
    'RESULT {"sent":%d,"answers":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f}\n',
    threads[1]:get("sent"), summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
