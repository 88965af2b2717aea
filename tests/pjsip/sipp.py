"""Scenarios for sipp, which sends what a well-behaved phone does not: written here, run bounded, told in full."""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

AVAILABLE = shutil.which("sipp") is not None
RUN_S_MAX = 30

PCMU = "m=audio [media_port] RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15"
UNKNOWN = "m=audio [media_port] RTP/AVP 96\na=rtpmap:96 opus/48000/2"

HEAD = """{method} sip:line@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:+49301234567@carrier.example>;tag=[pid]SIPp[call_number]
To: <sip:line@callflow.example>{tag}
Call-ID: [call_id]
CSeq: {number} {method}
Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
{more}Content-Length: [len]
"""

SDP = """
v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
{media}
"""


def send(method: str, number: int, body: str = "", more: str = "", *, tag: bool = True, retrans: bool = True) -> str:
    """Return the element that sends a request."""
    head = HEAD.format(method=method, number=number, more=more, tag="[peer_tag_param]" if tag else "")
    wait = ' retrans="500"' if retrans else ""
    return f"<send{wait}><![CDATA[\n{head}{body or chr(10)}\n]]></send>\n"


def invite(media: str = PCMU) -> str:
    """Return an INVITE, with an offer unless `media` is empty."""
    body = SDP.format(media=media) if media else ""
    more = "Content-Type: application/sdp\n" if media else ""
    return send("INVITE", 1, body, more, tag=False)


def receive(status: int, *, optional: bool = False, check: str = "") -> str:
    """Return the element that waits for a status, and perhaps for a header in it."""
    inner = ""
    if check:
        inner = (
            f'<action><ereg regexp=".*" search_in="hdr" header="{check}" check_it="true" assign_to="found"/></action>'
        )
    use = '<Reference variables="found"/>' if check else ""
    option = ' optional="true"' if optional else ""
    return f'<recv response="{status}" rrs="true"{option}>{inner}</recv>{use}\n'


PROVISIONAL = receive(100, optional=True) + receive(180, optional=True) + receive(183, optional=True)
ACK = send("ACK", 1, retrans=False)


def pause(ms: int) -> str:
    """Return the element that waits."""
    return f'<pause milliseconds="{ms}"/>\n'


BYE = send("BYE", 9) + receive(200)


def run(
    folder: Path,
    elements: str,
    port: int,
    *,
    calls: int = 1,
    rate: int = 10,
    together: int = 3,
    transport: str = "u1",
    timeout_s: int = RUN_S_MAX,
) -> subprocess.CompletedProcess[str]:
    """Run a scenario against a port of this machine. Bounded in calls and time; returns when all calls are over."""
    file = folder / "scenario.xml"
    file.write_text(f'<?xml version="1.0"?>\n<scenario name="test">\n{elements}</scenario>\n', encoding="utf-8")
    return subprocess.run(
        ["sipp", "-sf", str(file), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", str(calls),
         "-l", str(together), "-r", str(rate),
         "-t", transport, "-nostdin", "-timeout", str(timeout_s), "-timeout_error", "-trace_err",
         "-error_file", str(folder / "errors.log"), f"127.0.0.1:{port}"],
        capture_output=True, text=True, timeout=timeout_s + 10, check=False,
    )  # fmt: skip


def told(folder: Path, done: subprocess.CompletedProcess[str]) -> str:
    """Return what sipp had to say of a run that failed."""
    errors = folder / "errors.log"
    return (errors.read_text() if errors.exists() else "") + done.stdout[-2_000:] + done.stderr[-2_000:]


# --- sipp as an agent -------------------------------------------------------------------------------------------------

INVITED = (
    '<recv request="INVITE"><action><ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="number"/>'
    "</action></recv>\n"
)
CANCELLED = '<recv request="CANCEL"/>\n'
ACKNOWLEDGED = '<recv request="ACK"/>\n'


def respond(status: str, *, to_invite: bool = False, tag: bool = True, media: str = "") -> str:
    """Return the element that answers the last request, or the INVITE before it."""
    number = "CSeq: [$number] INVITE" if to_invite else "[last_CSeq:]"
    to = "[last_To:];tag=[pid]agent" if tag else "[last_To:]"
    kind = "Content-Type: application/sdp\n" if media else ""
    body = SDP.format(media=media) if media else "\n"
    return (
        f"<send><![CDATA[\nSIP/2.0 {status}\n[last_Via:]\n[last_From:]\n{to}\n[last_Call-ID:]\n{number}\n"
        f"Contact: <sip:agent@[local_ip]:[local_port]>\n{kind}Content-Length: [len]\n{body}\n]]></send>\n"
    )


HUNG_UP = '<recv request="BYE"/>\n' + respond("200 OK", tag=False)


class Agent:
    """A phone that plays a scenario once, in a process of its own. Leaving it asserts that all went as written."""

    def __init__(self, folder: Path, elements: str, port: int, *, answers_news: bool = False) -> None:
        """With `answers_news`, a NOTIFY that the scenario does not wait for is answered, too."""
        file = folder / "agent.xml"
        file.write_text(f'<?xml version="1.0"?>\n<scenario name="agent">\n{elements}</scenario>\n', encoding="utf-8")
        self._errors = folder / "agent-errors.log"
        self.uri = f"sip:agent@127.0.0.1:{port}"
        self._process = subprocess.Popen(
            ["sipp", "-sf", str(file), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port), "-m", "1",
             "-nostdin", "-timeout", str(RUN_S_MAX), "-timeout_error", "-trace_err",
             "-error_file", str(self._errors), *(["-aa"] if answers_news else [])],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        said = self._process.communicate(timeout=RUN_S_MAX + 10)[0]
        if kind is None:
            errors = self._errors.read_text() if self._errors.exists() else ""
            assert self._process.returncode == 0, errors + said[-2_000:]
