"""Telephone calls over SIP and RTP. The only part that imports `pjsua2`."""
