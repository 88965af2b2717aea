"""Why SIP cannot be had. Each is told to the person who started the program; none of them concerns one call."""


class SipUnavailable(Exception):
    """This Python has no SIP stack."""


class ListenFailed(Exception):
    """The endpoint cannot listen where it was told to."""


class OptionRefused(Exception):
    """An option that would be unsafe or makes no sense."""
