"""Asking a web server as often as it can answer, by wrk, which costs next to nothing."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving import Web

# What wrk runs for each request; the number of the request goes into the body.
_SCRIPT = """
local paths, tokens, body, n = {%(paths)s}, {%(tokens)s}, %(body)s, 0
function request()
    n = n + 1
    local headers = {%(headers)s}
    local token = tokens[n %% #tokens + 1]
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    if body == "" then return wrk.format("%(method)s", paths[n %% #paths + 1], headers) end
    headers["Content-Type"] = "application/json"
    local page = string.gsub(body, "PAGE", n %% 19 + 1)
    return wrk.format("%(method)s", paths[n %% #paths + 1], headers, page)
end
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        '\\nTOLD {"p50":%%.2f,"p95":%%.2f,"p99":%%.2f,"count":%%d,"seconds":%%.3f,"errors":%%d}\\n',
        latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
        summary.requests, summary.duration / 1e6,
        e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """Requests of one kind, one after the other, then from the first again; `gzip`: as who
    takes that."""

    paths: Sequence[str]
    method: str = "GET"
    body: str = ""
    gzip: bool = False

    def script(self, tokens: Sequence[str]) -> str:
        listed = [", ".join(map(json.dumps, some)) for some in (self.paths, tokens)]
        return _SCRIPT % {
            "paths": listed[0],
            "tokens": listed[1],
            "body": json.dumps(self.body),
            "headers": '["Accept-Encoding"] = "gzip"' if self.gzip else "",
            "method": self.method,
        }


def measured(
    web: Web, asking: Asking, tokens: Sequence[str], width: int, seconds: float
) -> dict[str, Any]:
    """Milliseconds in which half, 95 and 99 of 100 requests were answered; how many a second;
    and what one cost the server's processes. A token "" is nobody's. Raises RuntimeError when one
    failed."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "ask.lua"
        script.write_text(asking.script(tokens))
        command = ["wrk", f"-t{min(2, width)}", f"-c{width}", f"-d{seconds}s", "--timeout", "30"]
        address = f"http://127.0.0.1:{web.port}"
        before = web.busy
        done = subprocess.run(
            [*command, "-s", str(script), address], capture_output=True, text=True, check=True
        )
        busy = web.busy - before
    told = json.loads(done.stdout.rpartition("TOLD ")[2])
    if told["errors"] or not told["count"]:
        raise RuntimeError(f"{told['errors']} of {told['count']} failed: {asking.paths[0]}")
    return {
        **{name: round(told[name], 1) for name in ("p50", "p95", "p99")},
        "rate": round(told["count"] / told["seconds"], 1),
        "busy": round(1000 * busy / told["count"], 2),
    }


def check_wrk() -> None:
    """Raises SystemExit where it is not installed."""
    if shutil.which("wrk") is None:
        raise SystemExit("This bench asks by wrk; Debian has a package of that name.")
