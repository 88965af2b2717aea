"""What an endpoint can be told. Values only."""

from ipaddress import ip_address
from typing import Final

import attrs

from callflow.pjsip.errors import OptionRefused

SIP_PORT: Final = 5060
RTP_FIRST: Final = 12_000
RTP_LAST: Final = 12_199
"""A range of its own below the ports that systems hand out by themselves; each leg takes two, and a leg that lingers
keeps them."""

CALLS_WANTED: Final = 64
"""What is asked of the build, which takes less where it can hold less. More belongs on several processes."""

LINES_EACH: Final = 3
"""Phones that one call may ring at once where the build has room; the stock build has room for two."""

TLS_REASON: Final = (
    "TLS is not spoken here: the wheel brings OpenSSL 1.0.2, which gets no repairs any more; "
    "end TLS at a proxy in front (Kamailio)"
)


@attrs.frozen
class EndpointOptions:
    """Where and how an endpoint speaks SIP. `port` 0 takes any free one."""

    host: str = "127.0.0.1"
    port: int = SIP_PORT
    rtp_first: int = RTP_FIRST
    rtp_last: int = RTP_LAST
    codecs: tuple[str, ...] = ("PCMU", "PCMA")
    user: str = "callflow"
    phones: int | None = None
    """How many phones all calls together may ring or talk to, None: any number. The fewer, the more callers fit."""
    transports: tuple[str, ...] = ("udp", "tcp")

    @property
    def named_host(self) -> str:
        """Return the host that stands in addresses of ours."""
        return "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104  not bound here

    @property
    def exposed(self) -> bool:
        """Return whether others than this machine can reach the endpoint."""
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"


def refuse_unsafe(options: EndpointOptions) -> None:
    """Raise `OptionRefused` for what is not done here."""
    if "tls" in options.transports:
        raise OptionRefused(TLS_REASON)
    strange = [name for name in options.transports if name not in ("udp", "tcp")]
    if strange or "udp" not in options.transports:
        raise OptionRefused(f"transports are udp, and tcp beside it, not {', '.join(options.transports)}")
    if options.rtp_last - options.rtp_first < 2 * STOCK_RTP_PORTS:
        raise OptionRefused(f"{options.rtp_first}-{options.rtp_last} are too few ports for sound")


STOCK_RTP_PORTS: Final = 8
"""Two ports a leg, four legs; half of it is spare for legs that linger."""
